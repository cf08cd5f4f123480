// SPDX-License-Identifier: MIT
// A file that torch.save wrote: a zip archive of a pickle and its storages.
#include <census/weights/checkpoint.hpp>

#include <fuzz/support/check_tensors.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_pytorch(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"pytorch_model.bin"});
  files.read(
      [&] { census_fuzz::check_tensors(census::checkpoint(census::pytorch_file(files / "pytorch_model.bin"))); });
}
