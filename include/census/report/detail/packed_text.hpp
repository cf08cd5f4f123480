// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/base64.hpp>

#ifdef CENSUS_ZLIB
#include <zlib.h>

#include <stdexcept>
#endif

#include <string>
#include <string_view>

namespace census::detail {

/// A text as a page carries it: in base64, of which no character means anything to HTML.
struct packed_text {
  std::string_view encoding;  ///< "deflate": in zlib's format, which browsers name so; "none": as it is
  std::string base64;
};

/// Packs a text: compressed with zlib where CENSUS_ZLIB is defined, else as it is.
inline packed_text pack(std::string_view text) {
#ifdef CENSUS_ZLIB
  uLongf length = compressBound(static_cast<uLong>(text.size()));
  std::string compressed(length, '\0');
  if (compress2(reinterpret_cast<Bytef*>(compressed.data()), &length, reinterpret_cast<Bytef const*>(text.data()),
                static_cast<uLong>(text.size()), Z_BEST_COMPRESSION) != Z_OK)
    throw std::runtime_error("census::detail::pack: zlib compresses nothing");
  compressed.resize(length);
  return {"deflate", base64(compressed)};
#else
  return {"none", base64(text)};
#endif
}

}  // namespace census::detail
