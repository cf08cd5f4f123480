// SPDX-License-Identifier: MIT
#include <census/report/is_census_file.hpp>

#include <support/catch.hpp>

TEST_CASE("a census's files are known by their names, tables of tokens by a layer's number") {
  for (auto const* name :
       {"run.json", "layers.csv", "neurons.csv", "detectors.jsonl", "dead_share.csv", "census.safetensors",
        "tokens-0.safetensors", "tokens-11.safetensors", "projections-3.safetensors", "state-0.safetensors",
        "state-11.safetensors", "state-text.safetensors", "examples.jsonl"})
    CHECK(census::is_census_file(name));
  for (auto const* name :
       {"", "layers", "layers.csv.part", "x/layers.csv", "tokens-.safetensors", "tokens-", "tokens-train.safetensors",
        "tokens-1.safetensors.part", "tokens--1.safetensors", "tokens-0x1.safetensors", "tokens-text.safetensors",
        "projections-text.safetensors", "projections-.safetensors", "state-.safetensors", "state-texts.safetensors",
        ".safetensors", "awakened.jsonl"})
    CHECK_FALSE(census::is_census_file(name));
}
