// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_counts.hpp>

#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

namespace census {

/// A census: how often each neuron fired under each key, counts [key, neuron] and occurrences [key], rows ascending by
/// key. Only keys that occurred have rows. Every statistic of the paper is a pure function of such a table.
template <class Key>
struct firing_table : firing_counts {
  firing_table() = default;
  firing_table(std::vector<Key> ascending_keys, firing_counts counts)
      : firing_counts(std::move(counts)), keys(std::move(ascending_keys)) {}

  std::vector<Key> keys;  ///< [row], ascending

  friend bool operator==(firing_table const&, firing_table const&) = default;
};

/// The table without the keys that `drop` names: position 0 out of a table by position, say.
template <class Key, std::predicate<Key const&> Drop>
firing_table<Key> leave_out(firing_table<Key> const& table, Drop drop) {
  std::vector<Key> keys;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < table.keys.size(); ++row)
    if (!drop(table.keys[row])) {
      keys.push_back(table.keys[row]);
      kept.push_back(row);
    }
  return {std::move(keys), table.select(kept)};
}

}  // namespace census
