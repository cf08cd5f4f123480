// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/ratio.hpp>

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

/// The least part of a whole that is at least such a share of it.
inline std::uint64_t least_part(std::uint64_t whole, ratio share) {
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>((wide{whole} * share.numerator + share.denominator - 1) / share.denominator);
}

/// cover of a neuron (statistic/coverage.hpp) from its counts of counts, descending by count.
inline std::uint64_t cover(std::span<equal_counts const> descending, ratio share = {19, 20}) {
  std::uint64_t missing = least_part(sum(descending), share), keys = 0;
  for (equal_counts const& some : descending) {
    if (missing == 0 || some.count == 0) break;
    std::uint64_t const taken = std::min(some.keys, (missing + some.count - 1) / some.count);
    keys += taken;
    missing -= std::min(missing, taken * some.count);
  }
  return keys;
}

}  // namespace census
