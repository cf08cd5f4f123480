// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// One model input: `length` consecutive rows of a text. (document, piece) is its identity: no two sequences of a
/// corpus share it.
struct sequence {
  std::uint64_t document = 0;   ///< which document of the corpus it was cut from
  std::uint32_t piece = 0;      ///< which piece of that document, from 0
  std::uint32_t first_row = 0;  ///< its first row in the text
  std::uint32_t length = 0;     ///< tokens, BOS included
  std::uint16_t domain = 0;     ///< which domain of the corpus
  bool full = false;            ///< fills the context, so that it counts for position
  bool has_bos = false;         ///< row 0 is the model's BOS, not text

  friend bool operator==(sequence const&, sequence const&) = default;
};

/// The text behind a block: tokens [row] and the whole sequences they belong to, in row order without gaps.
struct text_rows {
  std::vector<token_id> tokens;
  std::vector<sequence> sequences;

  /// Bytes of memory for so many of them.
  static std::uint64_t bytes(std::uint64_t tokens, std::uint64_t sequences) {
    return sizeof(token_id) * tokens + sizeof(sequence) * sequences;
  }

  friend bool operator==(text_rows const&, text_rows const&) = default;
};

/// A text that all layers' blocks share.
using shared_text = std::shared_ptr<text_rows const>;

/// Makes a text that can be shared. Throws std::invalid_argument where the sequences do not cover the rows in order and
/// without gaps.
inline shared_text share(text_rows text) {
  std::size_t row = 0;
  for (std::size_t s = 0; s < text.sequences.size(); ++s) {
    if (text.sequences[s].first_row != row || text.sequences[s].length == 0)
      throw std::invalid_argument("census::share: sequence " + std::to_string(s) + " should begin at row " +
                                  std::to_string(row) + " and hold at least one token");
    row += text.sequences[s].length;
  }
  if (row != text.tokens.size())
    throw std::invalid_argument("census::share: the sequences hold " + std::to_string(row) + " rows, the text " +
                                std::to_string(text.tokens.size()) + " tokens");
  return std::make_shared<text_rows const>(std::move(text));
}

}  // namespace census
