// SPDX-License-Identifier: MIT
// A tokenizer of one file, its settings beside it, and a text that it encodes. In tokenizer.json, "bytes":4 stands for
// the tokens of the bytes.
#include <census/tokenizer/open_tokenizer.hpp>

#include <fuzz/support/byte_tokens.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

void fuzz_tokenizer_json(std::span<std::byte const> input) {
  auto const pieces = census_fuzz::split_files(census_fuzz::text_of(input), 2);
  std::vector<std::string> content(pieces.begin(), pieces.end());
  content.front() = census_fuzz::with_byte_tokens(content.front());
  census_fuzz::input_folder const files(content, {"tokenizer.json", "tokenizer_config.json"});
  files.read([&] { census_fuzz::check_encoding(census::open_tokenizer(files.path()), census_fuzz::text_of(input)); });
}
