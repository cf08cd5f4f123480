// SPDX-License-Identifier: MIT
#pragma once

#include <census/printable.hpp>

#include <string>
#include <string_view>

namespace census::detail {

/// A text out of an untrusted file on one line, of characters that XML 1.0 allows: printable(), with U+FFFE and U+FFFF,
/// which are no characters, as question marks.
inline std::string shown_text(std::string_view text) {
  std::string shown = printable(text);
  for (std::string_view const none : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    for (auto at = shown.find(none); at != std::string::npos; at = shown.find(none, at)) shown.replace(at, 3, "?");
  return shown;
}

/// The same as the content of an XML element.
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
