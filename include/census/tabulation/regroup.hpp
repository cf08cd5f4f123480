// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/key_index.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace census {

/// A coarser census out of a finer one: each key of `table` is counted under coarser(key), or nowhere where that is
/// std::nullopt. So one table by domain and position gives the table by position, and that of each domain, with nothing
/// counted twice. Rows that only move share their cells with `table`'s. Throws std::overflow_error as
/// firing_counts::add does.
template <class Key, std::regular_invocable<Key const&> Coarser>
auto regroup(firing_table<Key> const& table, Coarser coarser) {
  using returned = std::invoke_result_t<Coarser&, Key const&>;
  using coarse_key = detail::key_value_t<returned>;
  static_assert(
      detail::key_value<coarse_key>,
      "census::regroup: coarser(key) is to return a key, a value with == and <, or a std::optional of one; no "
      "pointer and no proxy");
  key_index<coarse_key> index;
  firing_counts counts(table.neurons());
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (auto const key = detail::as_key<coarse_key>(coarser(table.keys[row])); key && table.occurrences(row) > 0)
      counts.add(index.row_of(*key), table, row);
  return table_of(index, counts);
}

}  // namespace census
