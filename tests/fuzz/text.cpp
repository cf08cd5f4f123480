// SPDX-License-Identifier: MIT
// A plain text: as one document, cut at a mark, and cut at blank lines.
#include <fuzz/support/check_corpus.hpp>
#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_text(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"text.txt"});
  auto options = census_fuzz::reading_little();
  files.read(
      [&] {
        auto const bytes = census_fuzz::check_corpus(files, "text.txt", options);
        census_fuzz::ensure(census_fuzz::text_of(input).starts_with(bytes), "a plain text is read byte for byte");
      },
      {"the corpus: "});
  for (auto const* split : {"<|endoftext|>", "blank-lines"}) {
    options.split = split;
    census_fuzz::read_corpus(files, "text.txt", options);
  }
}
