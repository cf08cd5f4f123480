// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/counted_row.hpp>
#include <census/tabulation/row_counts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census::detail {

/// Rows of counts as an archive holds them: `occurrences` [row], and the cells [row, neuron] of those rows that
/// occurred, in three arrays: in `cells_8` of the rows whose occurrences fit into 8 bits, in `cells_16` and `cells_32`
/// likewise.
class stored_rows {
 public:
  /// Stores rows that are all at home.
  template <class Archive>
  static void store(Archive& archive, std::vector<counted_row> const& rows, std::size_t neurons) {
    std::vector<std::uint32_t> occurrences;
    for (counted_row const& row : rows) occurrences.push_back(row.occurrences);
    archive("occurrences", occurrences);
    each_width([&]<class Cell>(std::string_view name, Cell) {
      std::vector<counted_row> of_width;
      std::ranges::copy_if(rows, std::back_inserter(of_width), has_cells_of<Cell>);
      std::uint64_t const cells = std::uint64_t{of_width.size()} * neurons;
      archive.template pieces<Cell>(name, cells, [neurons, of_width = std::move(of_width)](auto const& sink) {
        std::vector<Cell> cells(neurons);
        for (counted_row const& row : of_width) {
          row.counts(neurons).visit([&](auto counted) {
            std::ranges::transform(counted, cells.begin(), [](auto cell) { return static_cast<Cell>(cell); });
          });
          sink(std::span<Cell const>(cells));
        }
      });
    });
  }

  /// Throws std::invalid_argument where the arrays do not fit together, or a neuron fired more often than its key
  /// occurred.
  template <class Archive>
  static std::vector<counted_row> restore(Archive& archive, std::size_t neurons) {
    std::vector<std::uint32_t> occurrences;
    archive("occurrences", occurrences);
    std::vector<counted_row> rows(occurrences.size());
    each_width([&]<class Cell>(std::string_view name, Cell) {
      auto const stored = archive.template pieces<Cell>(name);
      std::uint64_t first = 0;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].occurrences = occurrences[i];
        if (!has_cells_of<Cell>(rows[i])) continue;
        if (neurons > stored.size() - first) refuse(name);
        rows[i] = counted_row(neurons, sizeof(Cell), occurrences[i]);
        rows[i].visit_cells(neurons, [&](auto cells) {
          if constexpr (sizeof cells[0] == sizeof(Cell)) stored.copy(first, cells.first(neurons));
          std::uint32_t most = 0;
          for (std::uint32_t const cell : cells) most = std::max(most, cell);
          if (most > occurrences[i])
            throw std::invalid_argument("a neuron fired " + std::to_string(most) + " times at a key that occurred " +
                                        std::to_string(occurrences[i]) + " times");
        });
        first += neurons;
      }
      if (first != stored.size()) refuse(name);
    });
    return rows;
  }

 private:
  [[noreturn]] static void refuse(std::string_view name) {
    throw std::invalid_argument(std::string(name) + " does not hold a cell for each neuron of the rows that occurred");
  }

  template <class Cell>
  static bool has_cells_of(counted_row const& row) {
    return row.occurrences > 0 && cell_bytes_for(row.occurrences) == sizeof(Cell);
  }

  template <class Visit>
  static void each_width(Visit const& visit) {
    visit("cells_8", std::uint8_t{}), visit("cells_16", std::uint16_t{}), visit("cells_32", std::uint32_t{});
  }
};

}  // namespace census::detail
