// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/rows_by_key.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Firing counts [row, neuron] with the occurrences [row] they were counted over. A value: a copy is independent of its
/// original, and cheap, for rows are shared until one of the two writes.
///
/// Law: no cell exceeds its row's occurrences. Cells are 32 bits wide, occurrences 64; a row that could outgrow its
/// cells is refused before anything is counted, so no cell overflows in silence.
class firing_counts {
 public:
  explicit firing_counts(std::size_t neurons = 0) : neurons_(neurons) {}

  /// Memory of a table with so many rows that occur, in bytes.
  static std::uint64_t bytes(std::uint64_t rows, std::uint64_t neurons) {
    return rows * ((neurons + 63) / 64 * 256 + 64);
  }

  std::size_t rows() const { return rows_.size(); }
  std::size_t neurons() const { return neurons_; }

  /// How often the row's key occurred.
  std::uint64_t occurrences(std::size_t row) const { return rows_[row].occurrences; }

  /// How often each neuron fired there, [neuron]. Precondition: the key occurred.
  std::span<std::uint32_t const> counts(std::size_t row) const { return {rows_[row].cells.get(), neurons_}; }

  /// What every engine calls before it counts a block: makes the rows that `table_row` names [token] ready to be
  /// written and adds to their occurrences. Throws std::overflow_error, nothing changed, where a row would pass 2^32 -
  /// 1 occurrences.
  void admit(std::span<std::uint32_t const> table_row) {
    detail::rows_by_key rows;
    rows.assign(table_row);
    admit(rows);
  }

  /// The same for rows that are sorted already.
  void admit(detail::rows_by_key const& rows) {
    auto const groups = rows.groups();
    if (groups.empty()) return;
    for (detail::row_group const& group : groups) check_room(group.table_row, group.last - group.first);
    if (rows_.size() <= groups.back().table_row) rows_.resize(std::size_t{groups.back().table_row} + 1);
    for (detail::row_group const& group : groups) make_writable(group.table_row);  // memory may run out here
    for (detail::row_group const& group : groups) rows_[group.table_row].occurrences += group.last - group.first;
  }

  /// The cells of a row that was admitted, for engines: padded_neurons() of them, those past the last neuron stay zero.
  std::uint32_t* cells(std::size_t row) { return rows_[row].cells.get(); }
  std::size_t padded_neurons() const { return (neurons_ + 63) / 64 * 64; }

  /// Whether `other`'s row can be added to this one's. Throws std::overflow_error or std::invalid_argument where not.
  void check_addable(std::size_t row, firing_counts const& other, std::size_t others_row) const {
    if (other.neurons_ != neurons_)
      throw std::invalid_argument("census: counts of " + std::to_string(neurons_) + " neurons cannot take those of " +
                                  std::to_string(other.neurons_));
    check_room(row, other.occurrences(others_row));
  }

  /// Adds a row of `other` to a row of this, which is made where it is new.
  void add(std::size_t row, firing_counts const& other, std::size_t others_row) {
    check_addable(row, other, others_row);
    counted_row const theirs = other.rows_[others_row];  // shared, for `other` may be this
    if (theirs.occurrences == 0) return;
    if (rows_.size() <= row) rows_.resize(row + 1);
    if (rows_[row].occurrences == 0) {
      rows_[row] = theirs;
      return;
    }
    make_writable(row);
    rows_[row].occurrences += theirs.occurrences;
    std::uint32_t* const mine = cells(row);
    for (std::size_t n = 0; n < neurons_; ++n) mine[n] += theirs.cells[n];
  }

  /// The rows chosen, in that order; they share their cells with these.
  firing_counts select(std::span<std::uint32_t const> chosen) const {
    firing_counts selection(neurons_);
    selection.rows_.reserve(chosen.size());
    for (std::uint32_t const row : chosen) selection.rows_.push_back(rows_[row]);
    return selection;
  }

  friend bool operator==(firing_counts const& a, firing_counts const& b) {
    if (a.neurons_ != b.neurons_ || a.rows() != b.rows()) return false;
    for (std::size_t r = 0; r < a.rows(); ++r) {
      if (a.occurrences(r) != b.occurrences(r)) return false;
      if (a.occurrences(r) > 0 && !std::ranges::equal(a.counts(r), b.counts(r))) return false;
    }
    return true;
  }

 private:
  struct counted_row {
    std::shared_ptr<std::uint32_t[]> cells;  // none before the key occurs
    std::uint64_t occurrences = 0;
  };

  void check_room(std::size_t row, std::uint64_t more) const {
    constexpr std::uint64_t widest = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t const before = row < rows_.size() ? rows_[row].occurrences : 0;
    if (more > widest || before > widest - more)
      throw std::overflow_error("census: a key would pass 2^32 - 1 occurrences, more than a cell can count");
  }

  void make_writable(std::size_t row) {
    counted_row& mine = rows_[row];
    if (mine.cells.use_count() != 1) {
      std::shared_ptr<std::uint32_t[]> own(new std::uint32_t[padded_neurons()]());
      if (mine.cells) std::copy_n(mine.cells.get(), neurons_, own.get());
      mine.cells = std::move(own);
    } else {
      std::atomic_thread_fence(std::memory_order_acquire);  // who shared the row last has finished reading it
    }
  }

  std::size_t neurons_;
  std::vector<counted_row> rows_;
};

}  // namespace census
