// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>

#include <cstdint>
#include <optional>

namespace census {

/// A place in a text, as a key function sees it: one token, what stands before it in its sequence, and where that came
/// from. Valid while the text lives.
class token_at {
 public:
  /// `row` is a row of the text inside `sequence`.
  token_at(text_rows const& text, census::sequence const& sequence, std::uint32_t row)
      : text_(&text), sequence_(&sequence), row_(row) {}

  token_id token() const { return text_->tokens[row_]; }

  /// Position in the model's input, from 0; BOS has 0 where there is one.
  std::uint32_t position() const { return row_ - sequence_->first_row; }

  /// Whether this is the BOS that was put before the text.
  bool is_bos() const { return sequence_->has_bos && position() == 0; }

  /// The token `distance` places back; nothing where that is BOS or lies before the sequence.
  std::optional<token_id> before(std::uint32_t distance) const {
    std::uint32_t const first = sequence_->has_bos ? 1 : 0;
    if (position() < first || position() - first < distance) return std::nullopt;
    return text_->tokens[row_ - distance];
  }

  census::sequence const& sequence() const { return *sequence_; }
  std::uint16_t domain() const { return sequence_->domain; }
  std::uint64_t document() const { return sequence_->document; }
  std::uint32_t row() const { return row_; }

 private:
  text_rows const* text_;
  census::sequence const* sequence_;
  std::uint32_t row_;
};

}  // namespace census
