// SPDX-License-Identifier: MIT
#pragma once

#include <census/parse_number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace census {

/// FNV-1a, 64 bits: tells whether a file is still the one that a result was made from. Not made against forgery. Law:
/// content_hash(b, content_hash(a)) is that of a and b, one after the other. Source: Fowler, Noll, Vo; RFC 9923.
constexpr std::uint64_t content_hash(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325) {
  for (char const byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

/// A hash as files tell it: 16 hexadecimal digits. And back; nothing where a text is not that.
inline std::string hash_digits(std::uint64_t hash) {
  std::array<char, 17> digits;
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));
  return digits.data();
}
inline std::optional<std::uint64_t> hash_of_digits(std::string_view digits) {
  return digits.size() == 16 ? parse_number<std::uint64_t>(digits, 16) : std::nullopt;
}

/// The content_hash of a large file without reading it whole: up to 64 MiB of all of its bytes, beyond that of its size
/// and of 64 pieces of 64 KiB, spread evenly from its first byte to its last. read(first, count) -> std::string_view
/// gives `count` of its bytes, from `first` on.
template <class Read>
constexpr std::uint64_t sampled_hash(std::uint64_t size, Read read) {
  constexpr std::uint64_t whole = 64 << 20, pieces = 64, piece = 64 << 10;
  std::uint64_t hash = content_hash({});
  if (size <= whole) {
    for (std::uint64_t first = 0; first < size; first += piece)
      hash = content_hash(read(first, std::min(piece, size - first)), hash);
    return hash;
  }
  hash ^= size;
  for (std::uint64_t i = 0; i < pieces; ++i)
    hash = (hash ^ content_hash(read((size - piece) * i / (pieces - 1), piece))) * 0x100000001b3;
  return hash;
}
constexpr std::uint64_t sampled_hash(std::string_view bytes) {
  return sampled_hash(bytes.size(), [&](std::uint64_t first, std::uint64_t count) {
    return bytes.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  });
}

}  // namespace census
