// SPDX-License-Identifier: MIT
#include "parity.hpp"
#include <census/model/open_model.hpp>

#include <support/catch.hpp>

#include <iostream>
#include <string>

namespace {

void check_parity(std::string const& family, std::string const& name) {
  INFO(name);
  auto const folder = std::filesystem::path(CENSUS_TEST_DATA) / family / name;
  parity found;
  found.compare(name, census::open_model(folder), reference(folder / "reference.safetensors"), std::cout);
  CHECK(found.holds);
  CHECK(found.layers >= 2);
}

}  // namespace

TEST_CASE("activations of random OPTs of three shapes agree with Hugging Face transformers") {
  for (auto const* name : {"three_layers", "odd_shape", "long_context"}) check_parity("opt", name);
}

TEST_CASE("activations of each variant of OPT agree with Hugging Face transformers") {
  for (auto const* name :
       {"like_350m", "post_norm", "projected", "no_biases", "no_final_norm", "gelu", "swish_bare", "context_2500"})
    check_parity("opt", name);
}

TEST_CASE("activations of OPTs stored as pytorch_model.bin agree with Hugging Face transformers") {
  for (auto const* name : {"like_350m_bin", "no_gains", "gelu_new", "context_40"}) check_parity("opt", name);
}

TEST_CASE("activations of random GPT-2s agree with Hugging Face transformers, whatever their config says") {
  for (auto const* name : {"plain", "inner", "bare", "padded", "gelu_untied", "relu", "context_1024"})
    check_parity("gpt2", name);
}

TEST_CASE("activations of GPT-2s stored as pytorch_model.bin, with attention's masks, agree with transformers") {
  for (auto const* name : {"bin_with_masks", "bin_shards"}) check_parity("gpt2", name);
}
