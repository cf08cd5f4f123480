// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace census::detail {

/// A stripe of neurons: as many words of packed firings as fill a cache line. No two stripes share a cell.
inline constexpr std::size_t stripe_words = 8;
using stripe = std::array<std::uint64_t, stripe_words>;

inline stripe read_stripe(std::span<std::uint64_t const> row, std::size_t first_word, std::size_t words) {
  stripe read{};
  if (words == stripe_words)
    std::memcpy(read.data(), &row[first_word], sizeof read);
  else
    std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(first_word), words, read.begin());
  return read;
}

}  // namespace census::detail
