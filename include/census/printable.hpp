// SPDX-License-Identifier: MIT
#pragma once

#include <census/utf8.hpp>

#include <algorithm>
#include <array>
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

/// Whether a character shows nothing of its own, but may change what is shown of others: controls, format characters
/// (without width, soft hyphens, byte order marks, marks of direction, tags), line and paragraph separators. These are
/// the categories Cc, Cf, Zl and Zp of Unicode 15.
constexpr bool is_unseen(std::uint32_t code) {
  struct range {
    std::uint32_t first, last;
  };
  constexpr std::array<range, 23> ranges{
      {{0x0, 0x1f},        {0x7f, 0x9f},       {0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},
       {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},     {0x180e, 0x180e},
       {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x2064},   {0x2066, 0x206f},   {0xfeff, 0xfeff},
       {0xfff9, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
       {0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f}}};
  return std::ranges::any_of(ranges, [&](range r) { return r.first <= code && code <= r.last; });
}

}  // namespace detail

/// A text out of an untrusted file, fit to be shown on one line of a terminal: characters that are not seen, such as
/// controls, line ends and marks of direction, are written \uXXXX or \UXXXXXXXX, bytes that are no UTF-8 \xXX. All else
/// stays as it is, so that it is for people: files get the bytes.
inline std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  std::string const characters = well_formed(text);
  char escape[12];
  for (std::string_view rest = characters; !rest.empty();) {
    auto const character = rest.substr(0, character_length(rest));
    if (auto const code = detail::code_point(character); detail::is_unseen(code)) {
      std::snprintf(escape, sizeof escape, code > 0xffff ? "\\U%08x" : "\\u%04x", static_cast<unsigned>(code));
      shown += escape;
    } else {
      shown += character;
    }
    rest.remove_prefix(character.size());
  }
  return shown;
}

}  // namespace census
