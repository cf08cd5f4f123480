// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace census {

/// Bytes of the well-formed UTF-8 character that `text` begins with (the Unicode Standard, table 3-7), 1 to 4; 0 where
/// none does.
inline std::size_t character_length(std::string_view text) {
  auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto const follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  unsigned const lead = byte(0), second = byte(1);
  if (text.empty()) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (lead == 0xe0 && second < 0xa0) return 0;  // overlong
    if (lead == 0xed && second > 0x9f) return 0;  // surrogate
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (lead == 0xf0 && second < 0x90) return 0;  // overlong
    if (lead == 0xf4 && second > 0x8f) return 0;  // beyond U+10FFFF
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// Bytes of the longest prefix of whole well-formed UTF-8 characters.
inline std::size_t well_formed_prefix(std::string_view text) {
  std::size_t end = 0;
  while (std::size_t const length = character_length(text.substr(end))) end += length;
  return end;
}

/// Bytes of the longest prefix within which no well-formed UTF-8 character begins.
inline std::size_t ill_formed_prefix(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && character_length(text.substr(end)) == 0) ++end;
  return end;
}

/// A text with its bytes that are no UTF-8 written as \xXX; all else stays as it is.
inline std::string well_formed(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    std::size_t const end = well_formed_prefix(text);
    escaped += text.substr(0, end);
    if (end == text.size()) break;
    std::array<char, 5> escape{};
    std::snprintf(escape.data(), escape.size(), "\\x%02x", unsigned{static_cast<unsigned char>(text[end])});
    escaped += escape.data();
    text.remove_prefix(end + 1);
  }
  return escaped;
}

/// Bytes at the end of a text that may be the beginning of a character whose end is not there yet, 0 to 3.
inline std::size_t unfinished_suffix(std::string_view text) {
  for (std::size_t length = 1; length <= 3 && length <= text.size(); ++length) {
    auto const lead = static_cast<unsigned char>(text[text.size() - length]);
    std::size_t const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (wanted > length) return length;
  }
  return 0;
}

}  // namespace census
