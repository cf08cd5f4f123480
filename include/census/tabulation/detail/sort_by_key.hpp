// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace census::detail {

/// Whether all keys are numbers so small that counting them costs no more than sorting, and rows ascend.
template <std::unsigned_integral Key>
bool are_few(std::vector<std::pair<Key, std::uint32_t>> const& counted, Key largest) {
  return largest / 16 < counted.size() &&
         std::ranges::is_sorted(counted, {}, [](auto const& one) { return one.second; });
}

/// Sorts rows of a text, each with its key, by key and then by row. Small numbers, as tokens and positions are, are
/// counted: a device counts the firings of a text in less time than a sort of its tokens takes.
template <class Key>
void sort_by_key(std::vector<std::pair<Key, std::uint32_t>>& counted) {
  if (counted.empty()) return;
  if constexpr (std::unsigned_integral<Key>) {
    Key const largest = std::ranges::max_element(counted, {}, [](auto const& one) { return one.first; })->first;
    if (are_few(counted, largest)) {
      std::vector<std::uint32_t> place(std::size_t{largest} + 2);  // of a key's first row
      for (auto const& [key, row] : counted) ++place[std::size_t{key} + 1];
      for (std::size_t key = 1; key < place.size(); ++key) place[key] += place[key - 1];
      std::vector<std::pair<Key, std::uint32_t>> sorted(counted.size());
      for (auto const& one : counted) sorted[place[one.first]++] = one;
      counted = std::move(sorted);
      return;
    }
  }
  std::sort(counted.begin(), counted.end());
}

}  // namespace census::detail
