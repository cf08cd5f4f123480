// SPDX-License-Identifier: MIT
// A tokenizer of several files, and a text that it encodes. In vocab.json, "bytes":4 stands for the tokens of the
// bytes.
#include <census/tokenizer/open_tokenizer.hpp>

#include <fuzz/support/byte_tokens.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

void fuzz_vocabulary(std::span<std::byte const> input) {
  auto const pieces = census_fuzz::split_files(census_fuzz::text_of(input), 5);
  std::vector<std::string> content(pieces.begin(), pieces.end());
  content.front() = census_fuzz::with_byte_tokens(content.front());
  census_fuzz::input_folder const files(
      content, {"vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"});
  files.read(
      [&] { census_fuzz::check_encoding(census::open_tokenizer(files.path(), 0), census_fuzz::text_of(input)); });
}
