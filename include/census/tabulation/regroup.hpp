// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/key_index.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace census {

/// A coarser census out of a finer one: each key of `table` is counted under coarser(key), or nowhere where that is
/// std::nullopt. So one table by domain and position gives the table by position, and that of each domain, with nothing
/// counted twice. Rows that only move share their cells with `table`'s. Throws std::overflow_error as
/// firing_counts::add does.
template <class Key, std::regular_invocable<Key const&> Coarser>
auto regroup(firing_table<Key> const& table, Coarser coarser) {
  using coarse_key =
      typename detail::without_optional<std::remove_cvref_t<std::invoke_result_t<Coarser&, Key const&>>>::type;
  key_index<coarse_key> index;
  firing_counts counts(table.neurons());
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (std::optional<coarse_key> const key = coarser(table.keys[row]); key && table.occurrences(row) > 0)
      counts.add(index.row_of(*key), table, row);
  std::vector<coarse_key> keys;
  std::vector<std::uint32_t> rows;
  for (auto const& [key, row] : index.ascending()) {
    keys.push_back(key);
    rows.push_back(row);
  }
  return firing_table<coarse_key>{std::move(keys), counts.select(rows)};
}

}  // namespace census
