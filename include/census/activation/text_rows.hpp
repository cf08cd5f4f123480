// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// One model input: `length` consecutive rows of a text. (document, piece) is its identity: no two sequences of a
/// corpus share it.
struct sequence {
  std::uint64_t document = 0;       ///< which document of the corpus it was cut from
  std::uint32_t piece = 0;          ///< which piece of that document, from 0
  std::uint32_t first_row = 0;      ///< its first row in the text
  std::uint32_t length = 0;         ///< tokens, BOS included
  std::uint16_t domain = 0;         ///< which domain of the corpus
  bool full = false;                ///< fills the context, so that it counts for position
  bool has_bos = false;             ///< row 0 is the model's BOS, not text
  std::uint64_t offset = not_told;  ///< number of its first token in the document, from 0, BOS aside

  static constexpr std::uint64_t not_told = ~std::uint64_t{0};

  /// The offset, where it is told or is 0 since the document begins here.
  std::optional<std::uint64_t> first_offset() const {
    if (offset != not_told) return offset;
    return piece == 0 ? std::optional<std::uint64_t>(0) : std::nullopt;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("document", document)("piece", piece)("first_row", first_row);
    archive("length", length)("domain", domain)("full", full)("has_bos", has_bos);
    archive("offset", offset);
  }

  /// The offset is not compared: it follows from document and piece, and one source tells it and another does not.
  friend bool operator==(sequence const& a, sequence const& b) {
    auto const compared = [](sequence const& s) {
      return std::tuple(s.document, s.piece, s.first_row, s.length, s.domain, s.full, s.has_bos);
    };
    return compared(a) == compared(b);
  }
};

/// The text behind a block: tokens [row], each no_token where it is not known, and the whole sequences they belong to,
/// in row order without gaps.
struct text_rows {
  std::vector<token_id> tokens;
  std::vector<sequence> sequences;

  /// A text of which only positions are known: so many rows as the sequences hold, all of them no_token. What asks for
  /// tokens counts nothing there, so that token and n-gram statistics are absent.
  static text_rows without_tokens(std::vector<sequence> sequences) {
    std::size_t rows = 0;
    for (sequence const& one : sequences) rows += one.length;
    return {std::vector<token_id>(rows, no_token), std::move(sequences)};
  }

  /// Whether some token is known.
  bool has_tokens() const {
    return std::ranges::any_of(tokens, [](token_id token) { return token != no_token; });
  }

  /// Bytes of memory for so many of them.
  static std::uint64_t bytes(std::uint64_t tokens, std::uint64_t sequences) {
    return sizeof(token_id) * tokens + sizeof(sequence) * sequences;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive.large("tokens", tokens);
    archive("sequences", sequences);
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
  if (row > std::numeric_limits<std::uint32_t>::max())
    throw std::length_error("census::share: " + std::to_string(row) + " rows; a text has at most 2^32 - 1");
  return std::make_shared<text_rows const>(std::move(text));
}

}  // namespace census
