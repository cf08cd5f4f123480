// SPDX-License-Identifier: MIT
// Activations of a block of whole sequences and the keys of its tokens.
#pragma once

#include <census/tabulation/key_rows.hpp>

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
    std::mt19937 random(1);
    std::uniform_real_distribution<double> unit;
    for (float& value : values) value = static_cast<float>(unit(random) - 1 + density);
    for (std::size_t i = 0; i < rows; ++i) {
      by_position.push_back(static_cast<std::uint32_t>(i % length));
      by_token.push_back(word(random));
    }
    words_ = by_token;
    std::ranges::sort(words_);
    words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
    for (std::uint32_t& token : by_token) token = row_of(token);
  }

  /// Rows of the table by token for another text of the same length: census::not_counted at words that this one has
  /// not.
  std::vector<std::uint32_t> other_tokens(std::mt19937& random) const {
    std::vector<std::uint32_t> table_row(rows);
    for (std::uint32_t& row : table_row) row = row_of(word(random));
    return table_row;
  }

 private:
  static std::uint32_t word(std::mt19937& random) {
    constexpr double vocabulary = 50272;
    return static_cast<std::uint32_t>(std::pow(vocabulary, std::uniform_real_distribution<double>()(random))) - 1;
  }
  std::uint32_t row_of(std::uint32_t word) const {
    auto const found = std::ranges::lower_bound(words_, word);
    if (found == words_.end() || *found != word) return census::not_counted;
    return static_cast<std::uint32_t>(found - words_.begin());
  }

  std::vector<std::uint32_t> words_;  // those that occur, ascending
};
