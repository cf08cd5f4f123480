// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace census {

/// unigram, bigram, trigram, 4gram, 5gram: how columns call n-grams.
inline std::string name_of_ngram(std::size_t n) {
  constexpr std::array<char const*, 3> names{"unigram", "bigram", "trigram"};
  if (n >= 1 && n <= names.size()) return names[n - 1];
  return std::to_string(n).append("gram");
}

}  // namespace census
