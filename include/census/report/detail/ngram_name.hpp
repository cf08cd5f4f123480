// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/layer_census.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace census::detail {

/// unigram, bigram, trigram, 4gram, 5gram: how columns call n-grams.
inline std::string name_of_ngram(std::size_t n) {
  constexpr std::array<char const*, 3> names{"unigram", "bigram", "trigram"};
  if (n >= 1 && n <= names.size()) return names[n - 1];
  return std::to_string(n).append("gram");
}

/// The n of the n-grams that layers were asked for, by the first one.
inline std::vector<std::size_t> ngrams_of(std::span<layer_census const> layers) {
  std::vector<std::size_t> ngrams;
  if (!layers.empty())
    for (ngram_census const& taken : layers.front().ngrams) ngrams.push_back(taken.n);
  return ngrams;
}

}  // namespace census::detail
