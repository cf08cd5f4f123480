// SPDX-License-Identifier: MIT
// The index of a checkpoint in shards, and two shards beside it.
#include <census/weights/checkpoint.hpp>

#include <fuzz/support/check_tensors.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_shards(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"model.safetensors.index.json", "a.safetensors", "b.safetensors"});
  files.read([&] {
    census_fuzz::check_tensors(census::open_shards(files / "model.safetensors.index.json", census::open_safetensors));
  });
}
