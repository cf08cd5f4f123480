// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/ngram_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census::detail {

/// Rows of one n-gram that lie side by side in a chunk: first .. last - 1 of the chunk's rows.
struct ngram_run {
  std::uint32_t ngram, occurrences;
  std::uint32_t first, last;
  bool ends;  // false where more of its rows follow in the next chunk
};

/// The rows of a text in order of n-grams, chunk by chunk. Only an n-gram that occurs more often than a chunk has rows
/// is spread over several.
///
///     for (ngram_chunks chunk(ngrams); chunk.next();) ...
class ngram_chunks {
 public:
  static constexpr std::size_t most_rows = 1024;

  explicit ngram_chunks(ngram_rows const& ngrams) : ngrams_(&ngrams) { runs_.reserve(most_rows); }

  /// Goes on to the next chunk; false after the last one.
  bool next() {
    first_ = last_;
    runs_.clear();
    for (; ngram_ < ngrams_->distinct(); ++ngram_) {
      std::size_t const end = ngrams_->first()[ngram_ + 1], room = first_ + most_rows - last_;
      bool const fits = end - last_ <= room;
      if (!fits && !runs_.empty()) break;
      std::size_t const begin = last_;
      last_ = fits ? end : begin + room;
      runs_.push_back({ngram_, ngrams_->occurrences(ngram_), static_cast<std::uint32_t>(begin - first_),
                       static_cast<std::uint32_t>(last_ - first_), fits});
      if (!fits) break;
    }
    return !runs_.empty();
  }

  /// The chunk's rows: first() .. first() + size() - 1 in order of n-grams (ngram_rows::order).
  std::size_t first() const { return first_; }
  std::size_t size() const { return last_ - first_; }

  /// The chunk's n-grams, ascending; together they have all of its rows.
  std::span<ngram_run const> runs() const { return runs_; }

 private:
  ngram_rows const* ngrams_;
  std::uint32_t ngram_ = 0;
  std::size_t first_ = 0, last_ = 0;  // the chunk, in order of n-grams
  std::vector<ngram_run> runs_;
};

}  // namespace census::detail
