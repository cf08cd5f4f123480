// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census {

/// Finds the sequence in which a row of a text lies: of every 64th row it knows the sequence, from there it goes on.
/// The text has to outlive it.
class sequence_of_row {
 public:
  explicit sequence_of_row(text_rows const& text) : sequences_(text.sequences) {
    near_.reserve(text.tokens.size() / step + 1);
    for (std::uint32_t s = 0; s < sequences_.size(); ++s)
      while (near_.size() * step < sequences_[s].first_row + std::size_t{sequences_[s].length}) near_.push_back(s);
  }

  /// Bytes of memory for a text of so many rows.
  static std::uint64_t bytes(std::uint64_t rows) { return sizeof(std::uint32_t) * (rows / step + 1); }

  /// The number of the sequence. Precondition: the text has the row.
  std::size_t operator()(std::uint32_t row) const {
    std::size_t s = near_[row / step];
    while (row - sequences_[s].first_row >= sequences_[s].length) ++s;
    return s;
  }

 private:
  static constexpr std::size_t step = 64;

  std::span<sequence const> sequences_;
  std::vector<std::uint32_t> near_;  // [row / step]
};

}  // namespace census
