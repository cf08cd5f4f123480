// SPDX-License-Identifier: MIT
// What users write today: a loop over the floats, one counter a key and neuron; as a sum, which compilers vectorise,
// and with an if, which they do not everywhere.
#pragma once

#include "activations.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

struct plain_table {
  plain_table(std::vector<std::uint32_t> const& keys, std::size_t neurons)
      : counts((std::size_t{*std::ranges::max_element(keys)} + 1) * neurons) {}

  template <bool Branching = false>
  void add(activations const& block, std::vector<std::uint32_t> const& keys) {
    for (std::size_t i = 0; i < block.rows; ++i) {
      float const* const values = &block.values[i * block.neurons];
      std::uint32_t* const cells = &counts[keys[i] * block.neurons];
      for (std::size_t n = 0; n < block.neurons; ++n)
        if constexpr (Branching) {
          if (values[n] > 0) ++cells[n];
        } else {
          cells[n] += values[n] > 0 ? 1 : 0;
        }
    }
  }

  std::span<std::uint32_t const> row(std::size_t key, std::size_t neurons) const {
    return std::span(counts).subspan(key * neurons, neurons);
  }

  std::vector<std::uint32_t> counts;  // [key, neuron]
};
