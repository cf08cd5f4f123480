// SPDX-License-Identifier: MIT
#pragma once

#include <census/parallel_loop.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <tbb/blocked_range.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census {

/// Calls visit(neuron, counts [row] of that neuron) for every neuron of a table, in parallel over stripes of neurons;
/// `visit` may write only what belongs to its neuron. Tables lie row by row, so a stripe is as wide as a cache line of
/// the widest cells.
template <std::invocable<std::uint32_t, std::span<std::uint32_t const>> Visit>
void for_each_neuron(firing_counts const& table, Visit visit) {
  constexpr std::size_t width = 16;
  std::size_t const stripes = (table.neurons() + width - 1) / width, rows = table.rows();
  parallel_loop(tbb::blocked_range<std::size_t>(0, stripes), [&](auto const& range) {
    std::vector<std::uint32_t> columns(width * rows);
    for (std::size_t s = range.begin(); s != range.end(); ++s) {
      std::size_t const first = s * width, count = std::min(width, table.neurons() - first);
      for (std::size_t row = 0; row < rows; ++row) {
        if (table.occurrences(row) == 0) continue;  // its column stays zero
        table.counts(row).visit([&](auto cells) {
          for (std::size_t n = 0; n < count; ++n) columns[n * rows + row] = cells[first + n];
        });
      }
      for (std::size_t n = 0; n < count; ++n)
        visit(static_cast<std::uint32_t>(first + n), std::span<std::uint32_t const>(columns).subspan(n * rows, rows));
    }
  });
}

}  // namespace census
