// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/rows_by_key.hpp>
#include <census/tabulation/row_counts.hpp>

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
/// Law: no cell exceeds its row's occurrences. So a row's cells are of 8 bits as long as its key occurred at most 255
/// times, of 16 up to 65,535, then of 32; a row that could outgrow those is refused before anything is counted, so no
/// cell overflows in silence.
class firing_counts {
 public:
  explicit firing_counts(std::size_t neurons = 0) : neurons_(neurons) {}

  /// Memory, in bytes, that so many rows can take at most when all their occurrences together are `tokens`: one of
  /// these may be a wide row only for every 256 or 65,536 tokens.
  static std::uint64_t bytes(std::uint64_t rows, std::uint64_t tokens, std::uint64_t neurons) {
    std::uint64_t const two_bytes = std::min(rows, tokens >> 8), four_bytes = std::min(rows, tokens >> 16);
    return (neurons + 63) / 64 * 64 * (rows + two_bytes + 2 * four_bytes) + 160 * rows;
  }

  std::size_t rows() const { return rows_.size(); }
  std::size_t neurons() const { return neurons_; }

  /// How often the row's key occurred.
  std::uint64_t occurrences(std::size_t row) const { return rows_[row].occurrences; }

  /// How often each neuron fired there, [neuron]. Precondition: the key occurred.
  row_counts counts(std::size_t row) const { return {rows_[row].cells.get(), rows_[row].cell_bytes, neurons_}; }

  /// What every engine calls before it counts a block: makes the rows that `table_row` names [token] ready to be
  /// written and adds to their occurrences. Throws std::overflow_error, nothing changed, where a row would pass 2^32 -
  /// 1 occurrences. Where memory runs out, no count has changed.
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
    for (detail::row_group const& group : groups)  // memory may run out here
      make_writable(group.table_row, rows_[group.table_row].occurrences + (group.last - group.first));
    for (detail::row_group const& group : groups)
      rows_[group.table_row].occurrences += static_cast<std::uint32_t>(group.last - group.first);
  }

  /// For engines: calls visit(cells) with the cells of a row that was admitted, a span of std::uint8_t, std::uint16_t
  /// or std::uint32_t: padded_neurons() of them, those past the last neuron stay zero.
  template <class Visit>
  void visit_cells(std::size_t row, Visit&& visit) {
    detail::with_cells(static_cast<void*>(rows_[row].cells.get()), rows_[row].cell_bytes, padded_neurons(),
                       std::forward<Visit>(visit));
  }
  /// Where those cells lie.
  std::span<std::byte const> cells(std::size_t row) const {
    return {rows_[row].cells[0].bytes, padded_neurons() * rows_[row].cell_bytes};
  }
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
    make_writable(row, rows_[row].occurrences + std::uint64_t{theirs.occurrences});
    rows_[row].occurrences += theirs.occurrences;
    visit_cells(row, [&]<class Cell>(std::span<Cell> mine) {
      row_counts(theirs.cells.get(), theirs.cell_bytes, neurons_).visit([&](auto counts) {
        for (std::size_t n = 0; n < counts.size(); ++n) mine[n] = static_cast<Cell>(mine[n] + counts[n]);
      });
    });
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
      if (a.occurrences(r) > 0 && a.counts(r) != b.counts(r)) return false;
    }
    return true;
  }

 private:
  /// 64 bytes of cells. A row begins on such a boundary, and lies in one piece with what counts its owners, so that
  /// rows which are gone leave room for wider ones.
  struct alignas(64) line {
    std::byte bytes[64];
  };
  struct counted_row {
    std::shared_ptr<line[]> cells;  // none before the key occurs
    std::uint32_t occurrences = 0;
    std::uint32_t cell_bytes = 1;  // enough for the occurrences
  };

  void check_room(std::size_t row, std::uint64_t more) const {
    constexpr std::uint64_t widest = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t const before = row < rows_.size() ? occurrences(row) : 0;
    if (more > widest || before > widest - more)
      throw std::overflow_error("census: a key would pass 2^32 - 1 occurrences, more than a cell can count");
  }

  /// Makes the row's cells its own, and wide enough for so many occurrences.
  void make_writable(std::size_t row, std::uint64_t occurrences) {
    counted_row& mine = rows_[row];
    std::uint32_t const needed = std::max(mine.cell_bytes, detail::cell_bytes_for(occurrences));
    if (mine.cells.use_count() == 1 && mine.cell_bytes == needed) {
      std::atomic_thread_fence(std::memory_order_acquire);  // who shared the row last has finished reading it
      return;
    }
    counted_row own{std::make_shared<line[]>(padded_neurons() / 64 * needed), mine.occurrences, needed};
    if (mine.cells)
      counts(row).visit([&](auto narrow) {
        detail::with_cells(static_cast<void*>(own.cells.get()), needed, neurons_,
                           [&]<class Cell>(std::span<Cell> wide) {
                             for (std::size_t n = 0; n < wide.size(); ++n) wide[n] = static_cast<Cell>(narrow[n]);
                           });
      });
    mine = std::move(own);
  }

  std::size_t neurons_;
  std::vector<counted_row> rows_;
};

}  // namespace census
