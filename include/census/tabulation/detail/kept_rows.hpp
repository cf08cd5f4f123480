// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/sequence_of_row.hpp>
#include <census/activation/text_rows.hpp>
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

/// Finds where a row of the text of n-grams is kept, and the sequence that it is of. Layer and n-grams have to outlive
/// it.
class kept_places {
 public:
  /// Throws std::invalid_argument where the n-grams are of another text than the layer's.
  kept_places(kept_layer const& layer, ngram_rows const& ngrams)
      : text_(ngrams.text()), kept_(kept_sequences(layer, ngrams)), number_(*text_) {}

  /// Bytes of memory for so many rows and sequences.
  static std::uint64_t bytes(std::uint64_t rows, std::uint64_t sequences) {
    return sequence_of_row::bytes(rows) + sizeof(kept_sequence) * sequences;
  }

  kept_row operator()(std::uint32_t row) const {
    kept_sequence const& in = kept_[number_(row)];
    return {in.begin.part, in.begin.row + (row - in.first_row)};
  }
  sequence const& sequence_of(std::uint32_t row) const { return text_->sequences[number_(row)]; }

 private:
  shared_text text_;
  std::vector<kept_sequence> kept_;  // in order of their rows, as the text has its sequences
  sequence_of_row number_;
};

/// Where the rows at which n-grams end are kept, in order of n-grams (ngram_rows::order): 8 bytes a row. Throws
/// std::invalid_argument where the n-grams are of another text.
inline std::vector<kept_row> kept_rows(kept_layer const& layer, ngram_rows const& ngrams) {
  kept_places const place(layer, ngrams);
  std::vector<kept_row> rows;
  rows.reserve(ngrams.order().size());
  for (std::uint32_t const row : ngrams.order()) rows.push_back(place(row));
  return rows;
}

}  // namespace census::detail
