// SPDX-License-Identifier: MIT
// Documents as JSON: the same bytes as lines, and as a file that may be one list.
#include <fuzz/support/check_corpus.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_jsonl(std::span<std::byte const> input) {
  for (auto const* name : {"text.jsonl", "text.json"}) {
    census_fuzz::input_folder const files(input, {name});
    census_fuzz::read_corpus(files, name, census_fuzz::reading_little());
  }
}
