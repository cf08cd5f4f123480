// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace census {

/// A token's text without white space at its ends, in lower case as far as ASCII, Latin-1, Greek and Cyrillic go, byte
/// by byte or pair by pair in UTF-8.
inline std::string folded(std::string_view text) {
  constexpr std::string_view space = " \t\n\v\f\r";
  auto const first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  std::string lower(text.substr(first, text.find_last_not_of(space) - first + 1));
  for (std::size_t i = 0; i < lower.size(); ++i) {
    auto const lead = static_cast<unsigned char>(lower[i]);
    if (lead >= 'A' && lead <= 'Z') lower[i] = static_cast<char>(lead + 32);
    unsigned const next = i + 1 < lower.size() ? static_cast<unsigned char>(lower[i + 1]) : 0u;
    if (lead < 0xc3 || lead > 0xd0 || (next & 0xc0) != 0x80) continue;
    unsigned const letter = (lead & 0x1fu) << 6 | (next & 0x3fu);
    unsigned small = letter;
    if ((letter >= 0xc0 && letter <= 0xde && letter != 0xd7) || (letter >= 0x391 && letter <= 0x3a9) ||
        (letter >= 0x410 && letter <= 0x42f))
      small += 0x20;
    else if (letter >= 0x400 && letter <= 0x40f)
      small += 0x50;
    lower[i] = static_cast<char>(0xc0 | small >> 6);
    lower[++i] = static_cast<char>(0x80 | (small & 0x3f));
  }
  return lower;
}

/// Which tokens of a vocabulary are the same but for case and space around them: " The", "the" and "THE".
class token_variants {
 public:
  token_variants() = default;

  /// decode(token) gives the text of each of `tokens` tokens.
  template <std::invocable<token_id> Decode>
  token_variants(std::size_t tokens, Decode const& decode) {
    std::unordered_map<std::string, std::uint32_t> classes;
    for (std::size_t token = 0; token < tokens; ++token)
      class_of_.push_back(
          classes.try_emplace(folded(decode(static_cast<token_id>(token))), static_cast<std::uint32_t>(classes.size()))
              .first->second);
  }

  std::size_t tokens() const { return class_of_.size(); }

  /// The same number for all variants of a token. Throws std::out_of_range where there is no such token.
  std::uint32_t class_of(token_id token) const { return class_of_.at(token); }

  /// The classes of some tokens, ascending and each once.
  std::vector<std::uint32_t> classes_of(std::span<token_id const> tokens) const {
    std::vector<std::uint32_t> classes;
    for (token_id const token : tokens) classes.push_back(class_of(token));
    std::ranges::sort(classes);
    classes.erase(std::ranges::unique(classes).begin(), classes.end());
    return classes;
  }

 private:
  std::vector<std::uint32_t> class_of_;
};

}  // namespace census
