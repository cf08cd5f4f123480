// SPDX-License-Identifier: MIT
// Activations of a block of whole sequences and the keys of its tokens.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

struct activations {
  std::size_t rows, neurons;
  std::vector<float> values;                                  // [row, neuron]
  std::vector<std::uint32_t> nothing, by_position, by_token;  // row of the table [row]

  /// Each value is above zero with probability `density`; tokens fall off as words do (Zipf). Rows of a table are
  /// numbered as the library numbers them: only keys that occur have one, ascending.
  activations(std::size_t sequences, std::size_t length, std::size_t neurons_, double density)
      : rows(sequences * length), neurons(neurons_), values(rows * neurons), nothing(rows, 0) {
    constexpr double vocabulary = 50272;
    std::mt19937 random(1);
    std::uniform_real_distribution<double> unit;
    for (float& value : values) value = static_cast<float>(unit(random) - 1 + density);
    for (std::size_t i = 0; i < rows; ++i) {
      by_position.push_back(static_cast<std::uint32_t>(i % length));
      by_token.push_back(static_cast<std::uint32_t>(std::pow(vocabulary, unit(random))) - 1);
    }
    std::vector<std::uint32_t> met = by_token;
    std::ranges::sort(met);
    met.erase(std::unique(met.begin(), met.end()), met.end());
    for (std::uint32_t& token : by_token)
      token = static_cast<std::uint32_t>(std::ranges::lower_bound(met, token) - met.begin());
  }
};
