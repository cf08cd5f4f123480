// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace census {

/// FNV-1a, 64 bits: tells whether a file is still the one that a result was made from. Not made against forgery. Law:
/// content_hash(b, content_hash(a)) is that of a and b, one after the other. Source: Fowler, Noll, Vo; RFC 9923.
constexpr std::uint64_t content_hash(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325) {
  for (char const byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

/// The content_hash of a large file without reading it whole: up to 64 MiB of all of its bytes, beyond that of its size
/// and of 64 pieces of 64 KiB, spread evenly from its first byte to its last.
constexpr std::uint64_t sampled_hash(std::string_view bytes) {
  constexpr std::size_t whole = 64 << 20, pieces = 64, piece = 64 << 10;
  if (bytes.size() <= whole) return content_hash(bytes);
  std::uint64_t hash = content_hash({}) ^ bytes.size();
  for (std::size_t i = 0; i < pieces; ++i)
    hash = (hash ^ content_hash(bytes.substr((bytes.size() - piece) / (pieces - 1) * i, piece))) * 0x100000001b3;
  return hash;
}

}  // namespace census
