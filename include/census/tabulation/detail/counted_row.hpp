// SPDX-License-Identifier: MIT
#pragma once

#include <census/sole_owner.hpp>
#include <census/tabulation/row_counts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace census::detail {

/// One row of counts: cells [neuron] of 8, 16 or 32 bits, with the occurrences they were counted over. A copy shares
/// the cells; who writes them makes them its own first.
class counted_row {
  /// 64 bytes of cells. A row begins on such a boundary, and lies in one piece with what counts its owners, so that
  /// rows which are gone leave room for wider ones.
  struct alignas(64) line {
    std::byte bytes[64];
  };

  std::shared_ptr<line[]> cells_;
  std::uint32_t cell_bytes_ = 1;  // enough for the occurrences counted here

 public:
  std::uint32_t occurrences = 0;

  counted_row() = default;

  /// Cells of so many bytes each, all zero.
  counted_row(std::size_t neurons, std::uint32_t cell_bytes, std::uint32_t occurred)
      : cells_(std::make_shared<line[]>(padded(neurons) / 64 * cell_bytes)), cell_bytes_(cell_bytes),
        occurrences(occurred) {}

  static constexpr std::size_t padded(std::size_t neurons) { return (neurons + 63) / 64 * 64; }

  /// Whether there are cells: none are before the key occurs, and none where all was counted elsewhere.
  bool has_cells() const { return cells_ != nullptr; }

  row_counts counts(std::size_t neurons) const { return {cells_.get(), cell_bytes_, neurons}; }
  owned_row_counts owned_counts(std::size_t neurons) const { return {cells_, cell_bytes_, neurons}; }

  /// The cells, padding included. Precondition: there are cells.
  std::span<std::byte> bytes(std::size_t neurons) const { return {cells_[0].bytes, padded(neurons) * cell_bytes_}; }

  /// Calls visit(cells) with the cells, padding included.
  template <class Visit>
  void visit_cells(std::size_t neurons, Visit&& visit) const {
    with_cells(static_cast<void*>(cells_.get()), cell_bytes_, padded(neurons), std::forward<Visit>(visit));
  }

  /// Throws std::overflow_error where the row cannot occur so many times more.
  void check_room(std::uint64_t more) const {
    constexpr std::uint64_t widest = std::numeric_limits<std::uint32_t>::max();
    if (more > widest || occurrences > widest - more)
      throw std::overflow_error("census: a key would pass 2^32 - 1 occurrences, more than a cell can count");
  }

  /// Makes the cells this row's own, and wide enough for so many occurrences.
  void make_writable(std::size_t neurons, std::uint64_t occurred) {
    std::uint32_t const needed = std::max(cell_bytes_, cell_bytes_for(occurred));
    if (cell_bytes_ == needed && is_sole_owner(cells_)) return;
    counted_row own(neurons, needed, occurrences);
    if (has_cells()) own.add_cells(*this, neurons);
    *this = std::move(own);
  }

  /// Adds another row's cells to these, which are this row's own and wide enough.
  void add_cells(counted_row const& other, std::size_t neurons) {
    visit_cells(neurons, [&]<class Cell>(std::span<Cell> mine) {
      other.counts(neurons).visit([&](auto theirs) {
        for (std::size_t n = 0; n < theirs.size(); ++n) mine[n] = static_cast<Cell>(mine[n] + theirs[n]);
      });
    });
  }
};

}  // namespace census::detail
