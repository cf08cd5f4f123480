// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>
#include <census/activation/text_rows.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// The rows of a text in order of the n-gram that ends there (key::ngram: BOS left out, never across the start of a
/// sequence or a token that is not told). It depends on the text alone, so it is made once for all layers. N-grams are
/// numbered from 0 in ascending order of their tokens, in reading order. 4 bytes for each row and each distinct n-gram;
/// while it is made, 8 a row.
class ngram_rows {
 public:
  /// Throws std::invalid_argument where n is 0 or a sequence comes twice, std::length_error past 2^32 - 1 rows.
  ngram_rows(std::size_t n, shared_text text) : n_(n), text_(std::move(text)) {
    if (n == 0) throw std::invalid_argument("census::ngram_rows: an n-gram has at least one token");
    if (text_->tokens.size() > std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("census::ngram_rows: more than 2^32 - 1 rows");
    take_sequences();
    sort();
    find_ngrams();
  }

  /// Bytes of memory for a text of so many rows and sequences, from above: all n-grams may be distinct.
  static std::uint64_t bytes(std::uint64_t rows, std::uint64_t sequences) {
    return (sizeof(decltype(order_)::value_type) + sizeof(decltype(first_)::value_type)) * rows +
           sizeof(decltype(places_)::value_type) * sequences;
  }

  std::size_t n() const { return n_; }
  shared_text const& text() const { return text_; }

  /// Tokens at which an n-gram ends.
  std::uint64_t tokens() const { return order_.size(); }

  /// Distinct n-grams.
  std::uint32_t distinct() const { return static_cast<std::uint32_t>(first_.size() - 1); }

  /// N(g): how often an n-gram occurs.
  std::uint32_t occurrences(std::size_t ngram) const { return first_[ngram + 1] - first_[ngram]; }

  /// Where an n-gram's rows begin in order(): distinct() + 1 places, the last of them the end.
  std::span<std::uint32_t const> first() const { return first_; }

  /// The rows at which an n-gram ends, those of one n-gram side by side.
  std::span<std::uint32_t const> order() const { return order_; }

  /// The n tokens of an n-gram in reading order, a part of the text.
  std::span<token_id const> tokens_of(std::size_t ngram) const {
    return std::span(text_->tokens).subspan(order_[first_[ngram]] - (n_ - 1), n_);
  }

  /// The row with which a sequence of the same document, piece and tokens begins here; nothing where there is none.
  std::optional<std::uint32_t> first_row(text_rows const& text, sequence const& sequence) const {
    auto const wanted = fingerprint(text, sequence);
    auto const found = std::ranges::lower_bound(places_, wanted, {}, [](auto const& place) { return place.first; });
    return found == places_.end() || found->first != wanted ? std::nullopt : std::optional(found->second);
  }

 private:
  /// Notes where sequences begin, and the rows at which an n-gram ends.
  void take_sequences() {
    order_.reserve(text_->tokens.size());
    for (sequence const& here : text_->sequences) {
      places_.emplace_back(fingerprint(*text_, here), here.first_row);
      std::size_t told = 0;  // tokens in a row that are known, up to the one at hand
      for (std::size_t position = here.has_bos ? 1 : 0; position < here.length; ++position) {
        std::uint32_t const row = here.first_row + static_cast<std::uint32_t>(position);
        told = text_->tokens[row] == no_token ? 0 : told + 1;
        if (told >= n_) order_.push_back(row);
      }
    }
    std::ranges::sort(places_);
    if (std::ranges::adjacent_find(places_, {}, [](auto const& place) { return place.first; }) != places_.end())
      throw std::invalid_argument("census::ngram_rows: a sequence (document, piece and tokens) comes twice");
  }

  /// Radix sort by the last token first, by the first one last: 16 bits at a time, each time keeping the order of
  /// equals.
  void sort() {
    auto const& tokens = text_->tokens;
    std::vector<std::uint32_t> sorted(order_.size());
    token_id const largest = tokens.empty() ? 0 : *std::ranges::max_element(tokens);
    for (std::size_t back = 0; back < n_; ++back)
      for (unsigned shift = 0; shift < 32 && (shift == 0 || largest >> shift != 0); shift += 16) {
        auto const digit = [&](std::uint32_t row) { return tokens[row - back] >> shift & 0xffff; };
        std::vector<std::uint32_t> place(0x10001, 0);
        for (std::uint32_t const row : order_) ++place[digit(row) + 1];
        for (std::size_t d = 1; d < place.size(); ++d) place[d] += place[d - 1];
        for (std::uint32_t const row : order_) sorted[place[digit(row)]++] = row;
        order_.swap(sorted);
      }
  }

  /// Notes where each n-gram's rows begin: counted first, so that no more memory is taken than they need.
  void find_ngrams() {
    auto const begins = [&](std::size_t i) { return i == 0 || !same(order_[i - 1], order_[i]); };
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) distinct += begins(i);
    first_.reserve(distinct + 1);
    for (std::size_t i = 0; i < order_.size(); ++i)
      if (begins(i)) first_.push_back(static_cast<std::uint32_t>(i));
    first_.push_back(static_cast<std::uint32_t>(order_.size()));
  }

  bool same(std::uint32_t a, std::uint32_t b) const {
    for (std::size_t back = 0; back < n_; ++back)
      if (text_->tokens[a - back] != text_->tokens[b - back]) return false;
    return true;
  }

  std::size_t n_;
  shared_text text_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>>
      places_;  // fingerprint and first row of each sequence, ascending
  std::vector<std::uint32_t> order_, first_;
};

}  // namespace census
