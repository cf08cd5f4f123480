// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/counts_of_counts.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// How many n-grams of a text occur how often, descending by occurrences.
inline std::vector<equal_counts> occurrence_counts(ngram_rows const& ngrams) {
  std::vector<std::uint32_t> occurrences;
  for (std::uint32_t g = 0; g < ngrams.distinct(); ++g) occurrences.push_back(ngrams.occurrences(g));
  return counts_of_counts(std::move(occurrences));
}

/// How far a text goes for statements on its n-grams, whatever the neurons do: a pure function of how often they occur.
struct text_coverage {
  std::uint64_t tokens = 0;     ///< at which an n-gram ends
  std::uint64_t distinct = 0;   ///< n-grams
  std::uint64_t once = 0;       ///< n-grams that occur once
  std::uint64_t decidable = 0;  ///< tokens whose n-gram occurs often enough for firing on all of them to speak for 95 %

  /// Good and Turing's estimate of the chance that the next n-gram of such text is new. NaN without tokens.
  double unseen_mass() const { return static_cast<double>(once) / static_cast<double>(tokens); }

  /// Share of the text at which something can be said of a single n-gram. NaN without tokens.
  double decidable_share() const { return static_cast<double>(decidable) / static_cast<double>(tokens); }
};

/// From the counts of counts of a text's n-grams (occurrence_counts); `fewest` are the occurrences from which on an
/// n-gram is decidable, fewest_that_support of wilson_interval.hpp (paper, section 4.2).
inline text_coverage coverage_of(std::span<equal_counts const> occurrences, std::uint64_t fewest = 73) {
  text_coverage text;
  for (equal_counts const& some : occurrences) {
    text.tokens += some.count * some.keys;
    text.distinct += some.keys;
    if (some.count == 1) text.once += some.keys;
    if (some.count >= fewest) text.decidable += some.count * some.keys;
  }
  return text;
}

}  // namespace census
