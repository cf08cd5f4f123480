// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_counts.hpp>

#include <xtensor/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census {

/// The counts of a table as an array [key, neuron], a copy: for broadcasting, and for .npy files by xt::dump_npy.
///
///     auto rates = census::counts_array(table) / xt::view(census::occurrences_array(table), xt::all(), xt::newaxis());
inline xt::xtensor<double, 2> counts_array(firing_counts const& table) {
  xt::xtensor<double, 2> array(std::array<std::size_t, 2>{table.rows(), table.neurons()}, 0.0);
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (table.occurrences(row) > 0)
      table.counts(row).visit([&](auto cells) {
        std::ranges::copy(cells, array.data() + static_cast<std::ptrdiff_t>(row * table.neurons()));
      });
  return array;
}

/// The occurrences of a table's keys as an array [key].
inline xt::xtensor<double, 1> occurrences_array(firing_counts const& table) {
  xt::xtensor<double, 1> array(std::array<std::size_t, 1>{table.rows()});
  for (std::size_t row = 0; row < table.rows(); ++row) array(row) = static_cast<double>(table.occurrences(row));
  return array;
}

}  // namespace census
