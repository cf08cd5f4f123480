// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace census {

/// FNV-1a, 64 bits: tells whether a file is still the one that a result was made from. Not made against forgery.
/// Source: Fowler, Noll, Vo; RFC 9923.
constexpr std::uint64_t content_hash(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char const byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

}  // namespace census
