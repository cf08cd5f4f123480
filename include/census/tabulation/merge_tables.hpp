// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/key_index.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace census {

/// Two tables of the same neurons as one: the occurrences and firings of each key are those of both. The tables cannot
/// tell whether they are of the same text, which would count twice; accumulators can, so merge those where you have
/// them. Throws std::invalid_argument where the tables have different numbers of neurons, std::overflow_error as
/// firing_counts::add does.
template <class Key>
firing_table<Key> merge(firing_table<Key> const& a, firing_table<Key> const& b) {
  if (a.neurons() != b.neurons())
    throw std::invalid_argument("census::merge: tables of " + std::to_string(a.neurons()) + " and of " +
                                std::to_string(b.neurons()) + " neurons");
  key_index<Key> index;
  firing_counts counts(a.neurons());
  for (firing_table<Key> const* const table : {&a, &b})
    for (std::size_t row = 0; row < table->rows(); ++row) counts.add(index.row_of(table->keys[row]), *table, row);
  return table_of(index, counts);
}

}  // namespace census
