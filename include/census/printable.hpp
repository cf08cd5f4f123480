// SPDX-License-Identifier: MIT
#pragma once

#include <census/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace census {

namespace detail {

/// The code point of one well-formed UTF-8 character.
constexpr std::uint32_t code_point(std::string_view character) {
  auto const lead = static_cast<unsigned char>(character[0]);
  std::uint32_t code = character.size() == 1 ? lead : lead & (0x7fu >> character.size());
  for (char const next : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(next) & 0x3fu);
  return code;
}

/// Whether a terminal may take a character for something else than a character: controls (C0, DEL, C1), line and
/// paragraph separators, and marks that turn the direction of what follows.
constexpr bool steers_a_terminal(std::uint32_t code) {
  struct range {
    std::uint32_t first, last;
  };
  constexpr std::array<range, 7> ranges{{{0x0, 0x1f},
                                         {0x7f, 0x9f},
                                         {0x61c, 0x61c},
                                         {0x200e, 0x200f},
                                         {0x2028, 0x202e},
                                         {0x2066, 0x2069},
                                         {0xfff9, 0xfffb}}};
  return std::ranges::any_of(ranges, [&](range r) { return r.first <= code && code <= r.last; });
}

}  // namespace detail

/// A text out of an untrusted file, fit to be shown on one line of a terminal: control characters, line ends and marks
/// of direction are written \uXXXX, bytes that are no UTF-8 \xXX. All else stays as it is, so that it is for people:
/// files get the bytes.
inline std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  char escape[8];
  while (!text.empty()) {
    std::size_t const length = character_length(text);
    auto const character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0) {
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[0])));
      shown += escape;
    } else if (auto const code = detail::code_point(character); detail::steers_a_terminal(code)) {
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code & 0xffff));
      shown += escape;
    } else {
      shown += character;
    }
    text.remove_prefix(character.size());
  }
  return shown;
}

}  // namespace census
