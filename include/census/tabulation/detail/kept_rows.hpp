// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace census::detail {

/// Where a row's firings are kept.
struct kept_row {
  std::uint32_t part, row;  ///< of the layer's parts, and of that part
};

/// Where a sequence's firings are kept: its first row in the text of n-grams, its rows, and where they begin.
struct kept_sequence {
  std::uint32_t first_row, length;
  kept_row begin;
};

/// The sequences of a layer in order of their rows in the text of `ngrams`, which may be another order than the
/// layer's. Throws std::invalid_argument where those are not the same sequences.
inline std::vector<kept_sequence> kept_sequences(kept_layer const& layer, ngram_rows const& ngrams) {
  std::vector<kept_sequence> found;
  for (std::uint32_t number = 0; kept_layer::part const& part : layer.parts()) {
    for (sequence const& one : part.text->sequences)
      if (auto const row = ngrams.first_row(*part.text, one))
        found.push_back({*row, one.length, {number, one.first_row}});
    ++number;
  }
  std::ranges::sort(found, {}, &kept_sequence::first_row);
  std::uint64_t end = 0;
  bool without_gaps = true;
  for (kept_sequence const& one : found) {
    without_gaps &= one.first_row == end;
    end += one.length;
  }
  if (!without_gaps || end != layer.rows() || end != ngrams.text()->tokens.size())
    throw std::invalid_argument("census: the kept layer and the n-grams are not of the same text");
  return found;
}

/// Where the rows at which n-grams end are kept, in order of n-grams (ngram_rows::order): 8 bytes a row. Throws
/// std::invalid_argument where the n-grams are of another text.
inline std::vector<kept_row> kept_rows(kept_layer const& layer, ngram_rows const& ngrams) {
  auto const sequences = kept_sequences(layer, ngrams);
  constexpr std::size_t step = 64;
  std::vector<std::uint32_t> near;  // of every 64th row: the sequence that holds it
  for (std::uint32_t s = 0; s < sequences.size(); ++s)
    while (near.size() * step < sequences[s].first_row + std::size_t{sequences[s].length}) near.push_back(s);
  std::vector<kept_row> rows;
  rows.reserve(ngrams.order().size());
  for (std::uint32_t const row : ngrams.order()) {
    std::size_t s = near[row / step];
    while (row - sequences[s].first_row >= sequences[s].length) ++s;
    rows.push_back({sequences[s].begin.part, sequences[s].begin.row + (row - sequences[s].first_row)});
  }
  return rows;
}

}  // namespace census::detail
