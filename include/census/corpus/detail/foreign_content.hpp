// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace census {

/// What the first bytes of a file say that it is, where that is no text of bytes: another format whatever its ending
/// says, text in UTF-16 or UTF-32, or anything binary (token ids without a header, a file of zeros). Empty for text.
/// Single control characters are text; where one in a hundred bytes is one, it is none.
inline std::string_view foreign_content(std::string_view bytes) {
  struct beginning {
    std::string_view bytes, name;
  };
  using namespace std::string_view_literals;
  static constexpr std::array<beginning, 21> known{{{"\x1f\x8b"sv, "gzip"},
                                                    {"\x28\xb5\x2f\xfd"sv, "Zstandard"},
                                                    {"BZh91AY&SY"sv, "bzip2"},
                                                    {"\xfd\x37zXZ\0"sv, "xz"},
                                                    {"\x04\x22\x4d\x18"sv, "lz4"},
                                                    {"PK\x03\x04"sv, "zip"},
                                                    {"7z\xbc\xaf\x27\x1c"sv, "7z"},
                                                    {"Rar!\x1a"sv, "rar"},
                                                    {"PAR1"sv, "parquet"},
                                                    {"ARROW1"sv, "arrow"},
                                                    {"Obj\x01"sv, "avro"},
                                                    {"\x89HDF"sv, "HDF5"},
                                                    {"SQLite format 3\0"sv, "SQLite"},
                                                    {"\x93NUMPY"sv, ".npy"},
                                                    {"%PDF-"sv, "PDF"},
                                                    {"\x89PNG"sv, "PNG"},
                                                    {"\xff\xd8\xff"sv, "JPEG"},
                                                    {"\x7f"
                                                     "ELF"sv,
                                                     "ELF"},
                                                    {"version https://git-lfs.github.com/spec/"sv, "a Git LFS pointer"},
                                                    {"\xff\xfe\0\0"sv, "UTF-32"},
                                                    {"\0\0\xfe\xff"sv, "UTF-32"}}};
  for (auto const& [first, name] : known)
    if (bytes.starts_with(first)) return name;
  if (bytes.size() % 2 == 0 && (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))) return "UTF-16";

  auto const is_control = [](char c) {
    return (c >= 0 && c < 0x20 && std::string_view("\b\t\n\v\f\r\x1b").find(c) == std::string_view::npos) || c == 0x7f;
  };
  auto const zeros = static_cast<std::size_t>(std::ranges::count(bytes, '\0')),
             controls = static_cast<std::size_t>(std::ranges::count_if(bytes, is_control));
  if (bytes.size() >= 4 && zeros * 4 >= bytes.size()) return "UTF-16, or binary";
  if (controls >= 8 && controls * 100 >= bytes.size()) return "binary";
  return {};
}

}  // namespace census
