// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/sequence_of_row.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace census {

/// How far a text goes for statements on its n-grams, whatever the neurons do: a pure function of how often they occur,
/// and in which documents.
struct text_coverage {
  std::uint64_t tokens = 0;     ///< at which an n-gram ends
  std::uint64_t distinct = 0;   ///< n-grams
  std::uint64_t once = 0;       ///< n-grams that occur once
  std::uint64_t decidable = 0;  ///< tokens whose n-gram occurs often enough for firing on all of them to speak for 95 %

  std::uint64_t in_one_document = 0;  ///< tokens whose n-gram occurs in no other document
  bool has_several_documents = false;

  /// Good and Turing's estimate of the chance that the next n-gram of such text is new. It takes n-grams for
  /// independent draws, so it is too low for another document: what a document says once it often says again. NaN
  /// without tokens.
  double unseen_mass() const { return static_cast<double>(once) / static_cast<double>(tokens); }

  /// The chance that an n-gram of another such document is new: each document is left out in turn, and its n-grams are
  /// looked for in all others; the mean over all tokens. NaN without a second document.
  double unseen_mass_by_document() const {
    if (!has_several_documents) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(in_one_document) / static_cast<double>(tokens);
  }

  /// Share of the text at which something can be said of a single n-gram. NaN without tokens.
  double decidable_share() const { return static_cast<double>(decidable) / static_cast<double>(tokens); }
};

/// Of a text's n-grams of one n; `fewest` are the occurrences from which on one is decidable, fewest_that_support of
/// wilson_interval.hpp (paper, section 4.2).
inline text_coverage coverage_of(ngram_rows const& ngrams, std::uint64_t fewest = 73) {
  text_coverage text{.tokens = ngrams.tokens(), .distinct = ngrams.distinct()};
  sequence_of_row const sequence(*ngrams.text());
  auto const document = [&](std::uint32_t row) { return ngrams.text()->sequences[sequence(row)].document; };
  for (std::uint32_t g = 0; g < ngrams.distinct(); ++g) {
    std::uint32_t const occurrences = ngrams.occurrences(g);
    auto const rows = ngrams.order().subspan(ngrams.first()[g], occurrences);
    std::uint64_t const first = document(rows[0]);
    bool const in_others = std::ranges::any_of(rows, [&](std::uint32_t row) { return document(row) != first; });
    text.once += occurrences == 1;
    if (occurrences >= fewest) text.decidable += occurrences;
    if (!in_others) text.in_one_document += occurrences;
    text.has_several_documents |= in_others || first != document(ngrams.order()[0]);
  }
  return text;
}

}  // namespace census
