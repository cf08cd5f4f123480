// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#ifdef CENSUS_ZLIB
#include <zlib.h>
#endif

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

/// What stands in a page between two marks.
inline std::string between(std::string_view page, std::string_view open, std::string_view close) {
  auto const begin = page.find(open) + open.size(), end = page.find(close, begin);
  if (begin < open.size() || end == page.npos) throw std::runtime_error("the page has no " + std::string(open));
  return std::string(page.substr(begin, end - begin));
}

/// A page without the data that it carries, and how these are encoded.
inline std::string without_data(std::string const& page) {
  auto const begin = page.find("id=\"data\"");
  return page.substr(0, begin) + page.substr(page.find("</script>", begin));
}

/// The data that a page carries, as a browser unpacks them.
inline nlohmann::json carried_data(std::string const& page) {
  std::string const text = between(page, "id=\"data\" data-encoding=\"", "</script>");
  std::string bytes;
  unsigned bits = 0, count = 0;
  for (char const c : text.substr(text.find('>') + 1)) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(digits.find(c));
    if (count += 6; count >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
#ifdef CENSUS_ZLIB
  if (text.starts_with("deflate\"")) {
    std::string unpacked(std::size_t{1} << 20, '\0');
    uLongf length = unpacked.size();
    if (uncompress(reinterpret_cast<Bytef*>(unpacked.data()), &length, reinterpret_cast<Bytef const*>(bytes.data()),
                   bytes.size()) != Z_OK)
      throw std::runtime_error("what the page carries cannot be unpacked");
    bytes = unpacked.substr(0, length);
  }
#endif
  return nlohmann::json::parse(bytes);
}
