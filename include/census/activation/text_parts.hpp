// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace census {

/// Some sequences in a row that make one text: which of all sequences, and which of all rows.
struct text_part {
  std::uint64_t first_sequence = 0, first_row = 0;
  std::size_t sequences = 0, rows = 0;
};

/// Cuts sequences, as they come, into texts of about so many rows: each holds as many whole sequences as fit, and at
/// least one.
class text_parts {
 public:
  /// A text has at most 2^32 - 1 rows, whatever is asked for.
  explicit text_parts(std::size_t rows_per_text)
      : room_(std::min<std::size_t>(rows_per_text, std::numeric_limits<std::uint32_t>::max())) {}

  /// The next sequence, of so many rows.
  void append(std::size_t length) {
    if (parts_.empty() || parts_.back().rows + length > room_) {
      text_part const next = parts_.empty() ? text_part{} : behind(parts_.back());
      parts_.push_back(next);
    }
    ++parts_.back().sequences;
    parts_.back().rows += length;
  }

  std::vector<text_part> const& all() const { return parts_; }

  /// How many rows each text has [text].
  std::vector<std::size_t> rows() const {
    std::vector<std::size_t> rows;
    for (text_part const& part : parts_) rows.push_back(part.rows);
    return rows;
  }

 private:
  static text_part behind(text_part const& last) {
    return {.first_sequence = last.first_sequence + last.sequences, .first_row = last.first_row + last.rows};
  }

  std::size_t room_;
  std::vector<text_part> parts_;
};

}  // namespace census
