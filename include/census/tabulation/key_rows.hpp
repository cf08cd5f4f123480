// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/sort_by_key.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// The row of a token that no key counts.
inline constexpr std::uint32_t not_counted = ~std::uint32_t{0};

/// Rows of a text that are counted in the same row of a table.
struct row_group {
  std::uint32_t table_row;
  std::uint32_t first, last;  ///< in key_rows::order()

  std::uint32_t size() const { return last - first; }

  friend bool operator==(row_group const&, row_group const&) = default;
};

/// Which row of a table counts each row of a text: what is left of a key function once it was asked about the text. An
/// immutable handle, made once for all layers and all backends; a copy shares what it holds, 4 bytes a row of the text
/// and 12 a group.
class key_rows {
 public:
  /// Of a text without rows.
  key_rows() : key_rows(std::span<std::uint32_t const>{}) {}

  /// From the table row of each row of a text [row], not_counted where it is counted nowhere.
  explicit key_rows(std::span<std::uint32_t const> table_row)
      : key_rows(table_row.size(), counted_rows(table_row), std::identity{}) {}

  /// Of a text of so many rows, from those that are counted, each with its key: rows of equal keys are counted in the
  /// same row of the table, which table_row(key) names, asked once a key in ascending order. Throws what it throws.
  template <std::totally_ordered Key, std::invocable<Key const&> TableRow>
  key_rows(std::size_t rows, std::vector<std::pair<Key, std::uint32_t>> counted, TableRow&& table_row) {
    detail::sort_by_key(counted);
    contents made{rows, {}, {}, 0};
    made.order.reserve(counted.size());
    for (std::uint32_t i = 0; i < counted.size(); ++i) {
      if (i == 0 || !(counted[i].first == counted[i - 1].first)) {
        made.groups.push_back({table_row(counted[i].first), i, i});
        made.table_rows = std::max(made.table_rows, std::size_t{made.groups.back().table_row} + 1);
      }
      made.groups.back().last = i + 1;
      made.order.push_back(counted[i].second);
    }
    contents_ = std::make_shared<contents const>(std::move(made));
  }

  /// Rows of the text.
  std::size_t rows() const { return contents_->rows; }

  /// Rows that a table must have at least: one more than the largest that is named.
  std::size_t table_rows() const { return contents_->table_rows; }

  /// One for each row of the table that is named, ascending by key.
  std::span<row_group const> groups() const { return contents_->groups; }

  /// The rows of the text that are counted, group by group, ascending in each.
  std::span<std::uint32_t const> order() const { return contents_->order; }

  /// Whether one is a copy of the other. A backend that holds on to a copy learns by it whether it was handed these
  /// before: what it has made of them in its own memory it can use again.
  bool shares_with(key_rows const& other) const { return contents_ == other.contents_; }

 private:
  struct contents {
    std::size_t rows;
    std::vector<std::uint32_t> order;
    std::vector<row_group> groups;
    std::size_t table_rows;
  };

  static std::vector<std::pair<std::uint32_t, std::uint32_t>> counted_rows(std::span<std::uint32_t const> table_row) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> counted;
    for (std::uint32_t row = 0; row < table_row.size(); ++row)
      if (table_row[row] != not_counted) counted.emplace_back(table_row[row], row);
    return counted;
  }

  std::shared_ptr<contents const> contents_;
};

}  // namespace census
