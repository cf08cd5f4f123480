// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/key_index.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace census::detail {

/// Rows of a block that share a row of the table.
struct row_group {
  std::uint32_t table_row;
  std::size_t first, last;  // in the block's rows sorted by table row
};

/// The rows of a block that are counted, sorted by the row of the table that counts them; those of one group ascend.
/// Its memory serves the next block.
class rows_by_key {
 public:
  void assign(std::span<std::uint32_t const> table_row) {
    sorted_.clear();
    std::uint32_t largest = 0;
    bool ascending = true;
    for (std::uint32_t row = 0; row < table_row.size(); ++row) {
      if (table_row[row] == not_counted) continue;
      ascending &= sorted_.empty() || sorted_.back().first <= table_row[row];
      largest = std::max(largest, table_row[row]);
      sorted_.emplace_back(table_row[row], row);
    }
    if (!ascending) sort(largest);
    groups_.clear();
    for (std::size_t i = 0; i < sorted_.size(); ++i)
      if (groups_.empty() || groups_.back().table_row != sorted_[i].first)
        groups_.push_back({sorted_[i].first, i, i + 1});
      else
        groups_.back().last = i + 1;
  }

  /// Ascending by row of the table.
  std::span<row_group const> groups() const { return groups_; }

  std::size_t size() const { return sorted_.size(); }

  /// The i-th row of the block in that order.
  std::uint32_t row(std::size_t i) const { return sorted_[i].second; }

 private:
  /// By one digit after another, the lowest first: comparing took longer than counting.
  void sort(std::uint32_t largest) {
    other_.resize(sorted_.size());
    for (unsigned shift = 0; shift < 32 && largest >> shift != 0; shift += 8) {
      std::array<std::size_t, 257> first{};
      for (auto const& row : sorted_) ++first[(row.first >> shift & 255) + 1];
      for (std::size_t digit = 1; digit < first.size(); ++digit) first[digit] += first[digit - 1];
      for (auto const& row : sorted_) other_[first[row.first >> shift & 255]++] = row;
      std::swap(sorted_, other_);
    }
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted_, other_;  // (row of the table, row of the block)
  std::vector<row_group> groups_;
};

}  // namespace census::detail
