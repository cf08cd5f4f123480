// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_index.hpp>
#include <census/tabulation/row_counts.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A census: how often each neuron fired under each key, counts [key, neuron] and occurrences [key], rows ascending by
/// key. Only keys that occurred have rows. Every statistic of the paper is a pure function of such a table.
///
/// counts(row) and occurrences(row) go by row, counts_of(key) and occurrences_of(key) by key.
template <class Key>
struct firing_table : firing_counts {
  firing_table() = default;

  /// Throws std::invalid_argument where the keys do not ascend, or are not one for each row.
  firing_table(std::vector<Key> ascending_keys, firing_counts counted)
      : firing_counts(std::move(counted)), keys(std::move(ascending_keys)) {
    if (keys.size() != rows())
      throw std::invalid_argument("census::firing_table: " + std::to_string(keys.size()) + " keys for counts of " +
                                  std::to_string(rows()) + " rows");
    if (std::adjacent_find(keys.begin(), keys.end(), [](Key const& a, Key const& b) { return !(a < b); }) != keys.end())
      throw std::invalid_argument("census::firing_table: the keys are to ascend, each coming once");
  }

  /// From one's own counts: keys [row] in any order, how often each occurred [row], and how often each neuron fired
  /// there [row, neuron], row after row, as torch.bincount and a sum over tokens give them. Keys that did not occur are
  /// left out. Throws std::invalid_argument where the sizes disagree, a key comes twice, or a neuron fired more often
  /// than its key occurred, or a negative number of times; std::overflow_error where a key occurred 2^32 times or more.
  template <std::ranges::contiguous_range Occurrences, std::ranges::contiguous_range Counts>
  requires std::integral<std::ranges::range_value_t<Occurrences>> && std::integral<std::ranges::range_value_t<Counts>>
  firing_table(std::vector<Key> const& unsorted, Occurrences const& occurred, Counts const& counted)
      : firing_table(from_rows(
            unsorted, neurons_of(unsorted.size(), std::span(occurred).size(), std::span(counted).size()),
            [&](std::size_t row) { return std::span(occurred)[row]; },
            [&](std::size_t row) {
              std::size_t const each = std::span(counted).size() / unsorted.size();
              return std::span(counted).subspan(row * each, each);
            })) {}

  /// The same, row by row: occurred(row) and counted(row), a span [neuron], are asked once for each key.
  template <std::invocable<std::size_t> Occurred, std::invocable<std::size_t> Counted>
  static firing_table from_rows(std::vector<Key> const& unsorted, std::size_t neurons, Occurred const& occurred,
                                Counted const& counted) {
    firing_table made;
    static_cast<firing_counts&>(made) = firing_counts(neurons);
    for (std::size_t const row : ascending(unsorted)) {
      auto const times = occurred(row);
      if (std::cmp_less(times, 0))
        throw std::invalid_argument("census::firing_table: the key in row " + std::to_string(row) + " occurred " +
                                    std::to_string(times) + " times");
      if (made.append(static_cast<std::uint64_t>(times), std::span(std::as_const(counted)(row))))
        made.keys.push_back(unsorted[row]);
    }
    return made;
  }

  std::vector<Key> keys;  ///< [row], ascending

  /// The key's row; nothing where it did not occur.
  std::optional<std::size_t> row_of(Key const& key) const {
    auto const found = std::lower_bound(keys.begin(), keys.end(), key);
    if (found == keys.end() || !(*found == key)) return std::nullopt;
    return static_cast<std::size_t>(found - keys.begin());
  }

  /// How often a key occurred; 0 where it has no row.
  std::uint64_t occurrences_of(Key const& key) const {
    auto const row = row_of(key);
    return row ? firing_counts::occurrences(*row) : 0;
  }

  /// How often each neuron fired under a key [neuron]; zeros where it has no row.
  row_counts counts_of(Key const& key) const& {
    auto const row = row_of(key);
    return row ? firing_counts::counts(*row) : row_counts(nullptr, 1, neurons());
  }
  owned_row_counts counts_of(Key const& key) const&& {
    auto const row = row_of(key);
    return row ? static_cast<firing_counts const&&>(*this).counts(*row) : owned_row_counts(nullptr, 1, neurons());
  }

  using firing_counts::counts;
  using firing_counts::occurrences;

  /// Of a table by bool, counts(true) asks for the key: no row has the number true.
  std::uint64_t occurrences(std::same_as<bool> auto key) const requires std::same_as<Key, bool> {
    return occurrences_of(key);
  }
  row_counts counts(std::same_as<bool> auto key) const& requires std::same_as<Key, bool> { return counts_of(key); }
  owned_row_counts counts(std::same_as<bool> auto key) const&& requires std::same_as<Key, bool> {
    return static_cast<firing_table const&&>(*this).counts_of(key);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("keys", keys);
    firing_counts::serialize(archive);
    if constexpr (Archive::is_reading) *this = firing_table(std::move(keys), std::move(*this));
  }

  friend bool operator==(firing_table const&, firing_table const&) = default;

 private:
  static std::size_t neurons_of(std::size_t keys, std::size_t occurrences, std::size_t counts) {
    if (occurrences != keys || (keys == 0 ? counts != 0 : counts % keys != 0))
      throw std::invalid_argument("census::firing_table: " + std::to_string(keys) + " keys, " +
                                  std::to_string(occurrences) + " occurrences and " + std::to_string(counts) +
                                  " counts are not one for each key, one, and one for each key and neuron");
    return keys == 0 ? 0 : counts / keys;
  }

  /// The rows in ascending order of their keys.
  static std::vector<std::size_t> ascending(std::vector<Key> const& keys) {
    std::vector<std::size_t> order(keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    for (std::size_t i = 1; i < order.size(); ++i)
      if (!(keys[order[i - 1]] < keys[order[i]]))
        throw std::invalid_argument("census::firing_table: the key in row " + std::to_string(order[i]) +
                                    " is that of row " + std::to_string(order[i - 1]) + ", or has no order, as NaN");
    return order;
  }
};

/// The table of what was counted in the rows that an index gave out: keys that occurred, ascending.
template <class Key>
firing_table<Key> table_of(key_index<Key> const& index, firing_counts const& counts) {
  std::vector<Key> keys;
  std::vector<std::uint32_t> rows;
  for (auto const& [key, row] : index.ascending())
    if (row < counts.rows() && counts.occurrences(row) > 0) {
      keys.push_back(key);
      rows.push_back(row);
    }
  return {std::move(keys), counts.select(rows)};
}

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
