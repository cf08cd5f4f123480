// SPDX-License-Identifier: MIT
// A text compressed with gzip.
#include <fuzz/support/check_corpus.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_gz(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"text.txt.gz"});
  census_fuzz::read_corpus(files, "text.txt.gz", census_fuzz::reading_little());
}
