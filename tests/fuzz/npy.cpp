// SPDX-License-Identifier: MIT
// Token ids as NumPy saves them.
#include <fuzz/support/check_corpus.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_npy(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"ids.npy"});
  census_fuzz::read_corpus(files, "ids.npy", census_fuzz::reading_little());
}
