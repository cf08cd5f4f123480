// SPDX-License-Identifier: MIT
// A safetensors file.
#include <census/weights/checkpoint.hpp>

#include <fuzz/support/check_tensors.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_safetensors(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"model.safetensors"});
  files.read([&] { census_fuzz::check_tensors(census::open_safetensors(files / "model.safetensors")); });
}
