// SPDX-License-Identifier: MIT
#pragma once

#include <census/printable.hpp>
#include <census/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace census::detail {

/// A text out of an untrusted file on one line, of characters that XML 1.0 allows: printable(), with U+FFFE and U+FFFF,
/// which are no characters, as question marks.
inline std::string shown_text(std::string_view text) {
  std::string shown = printable(text);
  for (std::string_view const none : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    for (auto at = shown.find(none); at != std::string::npos; at = shown.find(none, at)) shown.replace(at, 3, 1, '?');
  return shown;
}

/// A text on one line, its end cut off where it has more than `most` characters.
inline std::string shortened(std::string_view text, std::size_t most) {
  std::string const whole = shown_text(text);
  std::string shown;
  std::size_t characters = 0;
  for (std::string_view rest = whole; !rest.empty(); ++characters) {
    std::size_t const length = character_length(rest);
    if (characters + 1 == most && length < rest.size()) return shown + "…";
    shown += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return shown;
}

/// How wide a well-formed text is, in characters of Latin letters; those of three bytes and more count twice.
inline std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (char const byte : text) width += (byte & 0xc0) == 0x80 ? 0 : (byte & 0xe0) == 0xe0 ? 2 : 1;
  return width;
}

/// A text as the content of an XML element.
inline std::string xml_text(std::string_view text) {
  std::string escaped;
  for (char const c : shown_text(text)) {
    if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '&')
      escaped += "&amp;";
    else
      escaped += c;
  }
  return escaped;
}

}  // namespace census::detail
