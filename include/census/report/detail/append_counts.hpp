// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace census::detail {

/// Appends the counts [row, neuron] of a table to a tensor of U32.
inline void append_counts(safetensors_writer& writer, std::string const& tensor, firing_counts const& table) {
  std::vector<std::uint32_t> counts(table.neurons());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    table.counts(row).visit([&](auto cells) { std::ranges::copy(cells, counts.begin()); });
    writer.append(tensor, std::span<std::uint32_t const>(counts));
  }
}

}  // namespace census::detail
