// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/tabulation/optional_token.hpp>
#include <census/token_id.hpp>

#include <cassert>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace census {

/// A place in a text, as a key function sees it: one token, what stands around it in its sequence, and where that came
/// from. Valid while the text lives.
class token_at {
 public:
  /// `row` is a row of the text inside `sequence`.
  token_at(text_rows const& text, census::sequence const& sequence, std::uint32_t row)
      : text_(&text), sequence_(&sequence), row_(row) {}

  /// The token at hand, BOS included. Throws std::logic_error where the text does not tell it (has_token()).
  token_id token() const {
    if (!has_token())
      throw std::logic_error("census::token_at: row " + std::to_string(row_) +
                             " has no token id, for its text was given without (census::no_token)");
    return text_->tokens[row_];
  }

  /// Whether the text tells the token: it may be of positions alone.
  bool has_token() const { return text_->tokens[row_] != no_token; }

  /// Position in the model's input, from 0; BOS has 0 where there is one.
  std::uint32_t position() const { return row_ - sequence_->first_row; }

  /// Whether this is the BOS that was put before the text.
  bool is_bos() const { return sequence_->has_bos && position() == 0; }

  /// The token `distance` places back; nothing where that is BOS or lies before the sequence, or is not told.
  optional_token before(std::uint32_t distance) const {
    std::uint32_t const first = sequence_->has_bos ? 1 : 0;
    if (position() < first || position() - first < distance) return {};
    return told(row_ - distance);
  }

  /// The token `distance` places ahead, which the model has not read yet; nothing behind the end of the sequence, or
  /// where it is not told. From BOS, 1 is the text's first token.
  optional_token after(std::uint32_t distance) const {
    if (sequence_->length - position() <= distance || (distance == 0 && is_bos())) return {};
    return told(row_ + distance);
  }

  /// Whether the token `distance` places back is there and is the one at hand.
  bool repeats(std::uint32_t distance) const { return before(distance) == before(0); }

  /// The token's number in its document, from 0, BOS aside, across the pieces that the document was cut into; nothing
  /// at BOS, and where the source did not say where the sequence begins (sequence::offset).
  std::optional<std::uint64_t> offset() const {
    auto const first = sequence_->first_offset();
    if (is_bos() || !first) return std::nullopt;
    return *first + position() - (sequence_->has_bos ? 1 : 0);
  }

  /// Another place of the same sequence: `position` is less than sequence().length.
  token_at at_position(std::uint32_t position) const {
    assert(position < sequence_->length);
    return token_at(*text_, *sequence_, sequence_->first_row + position);
  }

  census::sequence const& sequence() const { return *sequence_; }
  std::uint16_t domain() const { return sequence_->domain; }
  std::uint64_t document() const { return sequence_->document; }
  std::uint32_t row() const { return row_; }

 private:
  optional_token told(std::uint32_t row) const {
    token_id const token = text_->tokens[row];
    return token == no_token ? optional_token() : optional_token(token);
  }

  text_rows const* text_;
  census::sequence const* sequence_;
  std::uint32_t row_;
};

}  // namespace census
