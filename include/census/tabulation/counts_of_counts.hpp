// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace census {

/// So many keys with so many firings (or occurrences) each.
struct equal_counts {
  std::uint64_t count, keys;

  friend bool operator==(equal_counts const&, equal_counts const&) = default;
};

/// How many of some counts are equal, descending by count, zeros left out.
inline std::vector<equal_counts> counts_of_counts(std::vector<std::uint32_t> counts) {
  std::ranges::sort(counts, std::greater{});
  std::vector<equal_counts> descending;
  for (std::uint32_t const count : counts) {
    if (count == 0) break;
    if (descending.empty() || descending.back().count != count) descending.push_back({count, 0});
    ++descending.back().keys;
  }
  return descending;
}

/// Sum of all the counts.
inline std::uint64_t sum(std::span<equal_counts const> counts) {
  std::uint64_t total = 0;
  for (equal_counts const& some : counts) total += some.count * some.keys;
  return total;
}

}  // namespace census
