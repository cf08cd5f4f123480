// SPDX-License-Identifier: MIT
#pragma once

#include <census/tokenizer/detail/byte_alphabet.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace census_test {

/// What vocab.json holds of a tokenizer that merges nothing: four special tokens, then byte b as the token `first` + b.
inline nlohmann::ordered_json byte_vocabulary(unsigned first = 4) {
  nlohmann::ordered_json vocabulary{{"<s>", 0}, {"<pad>", 1}, {"</s>", 2}, {"<unk>", 3}};
  census::byte_alphabet const alphabet;
  for (unsigned byte = 0; byte < 256; ++byte)
    vocabulary[alphabet.spell(std::string(1, static_cast<char>(byte)))] = first + byte;
  return vocabulary;
}

}  // namespace census_test
