// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// The table with the first component of its keys summed out: by token, from one by half and token. Rows that are not
/// summed with another share their cells with the original. Throws std::overflow_error where a cell could overflow.
template <class First, class Key>
firing_table<Key> marginal(firing_table<std::tuple<First, Key>> const& table) {
  std::vector<Key> keys;
  for (auto const& both : table.keys) keys.push_back(std::get<1>(both));
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  firing_counts summed(table.neurons());
  for (std::size_t row = 0; row < table.keys.size(); ++row) {
    auto const at = std::ranges::lower_bound(keys, std::get<1>(table.keys[row])) - keys.begin();
    summed.add(static_cast<std::size_t>(at), table, row);
  }
  return {std::move(keys), std::move(summed)};
}

}  // namespace census
