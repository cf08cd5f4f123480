// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/ratio.hpp>
#include <census/tabulation/counts_of_counts.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace census {

/// cover of one neuron from its firings under each key [key]: the smallest k such that its k largest counts hold at
/// least `share` of their sum. 0 where it never fired. Free of ties: equal counts may be taken in any order.
inline std::uint32_t cover(std::span<std::uint32_t const> counts, ratio share = {19, 20}) {
  std::vector<std::uint32_t> fired;
  std::uint64_t sum = 0;
  for (std::uint32_t const count : counts)
    if (count > 0) {
      fired.push_back(count);
      sum += count;
    }
  std::ranges::sort(fired, std::greater{});
  std::uint64_t held = 0;
  std::uint32_t k = 0;
  while (k < fired.size() && !at_least(held, sum, share)) held += fired[k++];
  return k;
}

/// The same from its counts of counts, descending by count.
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

/// How many keys cover each neuron [neuron] (figures 2, 12, 13): see cover.
inline std::vector<std::uint32_t> covers(firing_counts const& table, ratio share = {19, 20}) {
  std::vector<std::uint32_t> result(table.neurons());
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    result[neuron] = cover(counts, share);
  });
  return result;
}

/// Alive neurons by cover, in bins 1-5, 6-10, 11-50, 51-100, 101-1000, > 1000.
inline std::array<std::uint64_t, 6> cover_histogram(std::span<std::uint32_t const> covers) {
  constexpr std::array<std::uint32_t, 5> last_of_bin{5, 10, 50, 100, 1000};
  std::array<std::uint64_t, 6> bins{};
  for (std::uint32_t const k : covers)
    if (k > 0) ++bins[static_cast<std::size_t>(std::ranges::lower_bound(last_of_bin, k) - last_of_bin.begin())];
  return bins;
}

}  // namespace census
