// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace census::detail {

/// Texts that a page shows, of tokens and n-grams above all, each once: elsewhere in the page their numbers stand for
/// them.
class page_tokens {
 public:
  std::size_t number_of(std::string const& text) {
    auto const [known, is_new] = numbers_.try_emplace(text, texts_.size());
    if (is_new) texts_.push_back(text);
    return known->second;
  }

  std::vector<std::string> const& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::string> texts_;
};

/// A token's text as a page shows it: its id where the text is not told.
inline std::string page_text(std::map<token_id, std::string> const& texts, token_id token) {
  auto const text = texts.find(token);
  if (text != texts.end() && !text->second.empty()) return text->second;
  return std::string("#").append(std::to_string(token));
}

}  // namespace census::detail
