// SPDX-License-Identifier: MIT
#pragma once

#include <census/tokenizer/open_tokenizer.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <support/byte_vocabulary.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace census_fuzz {

/// A file of a tokenizer in which "bytes":4 stands for the 256 tokens of a byte each, 4 to 259, without which none can
/// be read: so that inputs stay short, and what is changed in them is mostly something else.
inline std::string with_byte_tokens(std::string_view file) {
  static constexpr std::string_view shorthand = R"("bytes":4)";
  static std::string const tokens = [] {
    auto vocabulary = census_test::byte_vocabulary(4);
    for (auto const* special : {"<s>", "<pad>", "</s>", "<unk>"}) vocabulary.erase(special);
    auto const object = vocabulary.dump();
    return object.substr(1, object.size() - 2);
  }();
  std::string whole(file);
  if (auto const at = whole.find(shorthand); at != whole.npos) whole.replace(at, shorthand.size(), tokens);
  return whole;
}

/// A tokenizer of the 256 bytes and four special tokens.
inline census::tokenizer const& byte_tokenizer() {
  static census::tokenizer const opened = [] {
    std::array<std::string, 2> const content{census_test::byte_vocabulary(4).dump(), "#version: 0.2\n"};
    input_folder const files(content, {"vocab.json", "merges.txt"});
    return census::open_tokenizer(files.path(), 0, 1);
  }();
  return opened;
}

/// The law of every tokenizer: what is encoded is decoded to the same bytes, at once or its beginning first.
inline void check_encoding(census::tokenizer const& tokens, std::string_view text) {
  text = text.substr(0, 2000);
  auto const ids = tokens.encode(text);
  for (auto const id : ids) ensure(id < tokens.vocabulary_size(), "ids are of the vocabulary");
  ensure(tokens.decode(ids) == text, "what is encoded is decoded to the same bytes");

  std::vector<census::token_id> in_parts;
  std::size_t const begun = tokens.encode_beginning(text, in_parts);
  ensure(begun <= text.size(), "no more is encoded than there is");
  auto const rest = tokens.encode(text.substr(begun));
  in_parts.insert(in_parts.end(), rest.begin(), rest.end());
  ensure(in_parts == ids, "a beginning and what follows are encoded as the whole is");
}

}  // namespace census_fuzz
