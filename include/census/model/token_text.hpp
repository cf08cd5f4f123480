// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/model.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <string>

namespace census {

/// How many tokens have a text: the tokenizer's, where the model has one, else all of its vocabulary.
inline std::size_t tokens_named(model const& m) {
  return m.has_tokenizer() ? m.tokenizer().vocabulary_size() : m.architecture().vocabulary_size;
}

/// A token as people read it: its text, or, where the model has no tokenizer, its id, <17>.
inline std::string token_text(model const& m, token_id token) {
  if (m.has_tokenizer()) return m.tokenizer().decode(token);
  return std::string("<").append(std::to_string(token)).append(">");
}

}  // namespace census
