// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/counts_of_counts.hpp>
#include <census/statistic/neuron_columns.hpp>
#include <census/statistic/ratio.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/ngram_rows.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <span>
#include <vector>

namespace census {

/// The most firings that k n-grams can hold, whatever the neuron: the occurrences of the k most frequent ones. Known
/// before the first forward pass (paper, scale figures).
inline std::uint64_t most_held(std::span<equal_counts const> descending, std::uint64_t k) {
  std::uint64_t held = 0;
  for (equal_counts const& some : descending) {
    std::uint64_t const taken = std::min(some.keys, k);
    held += taken * some.count;
    k -= taken;
  }
  return held;
}

/// Whether n-grams that hold at most `most` firings could cover a neuron that fires at least `firings` times. False is
/// certain.
inline bool could_cover(std::uint64_t most, std::uint64_t firings, ratio covered = {19, 20}) {
  return at_least(most, firings, covered);
}

/// The occurrences of n-grams by their last token, descending, of each token only the k most frequent n-grams: what the
/// bounds after the survey by token need of a text.
class ngrams_by_last_token {
 public:
  ngrams_by_last_token(ngram_rows const& ngrams, std::size_t k) : k_(k) {
    for (std::uint32_t g = 0; g < ngrams.distinct(); ++g)
      occurrences_[ngrams.tokens_of(g).back()].push_back(ngrams.occurrences(g));
    for (auto& [token, occurrences] : occurrences_) {
      std::ranges::sort(occurrences, std::greater{});
      if (occurrences.size() > k) occurrences.resize(k);
      occurrences.shrink_to_fit();
    }
  }

  std::size_t k() const { return k_; }

  /// Descending; empty for a token with which no n-gram ends.
  std::span<std::uint32_t const> occurrences(token_id last) const {
    auto const found = occurrences_.find(last);
    return found == occurrences_.end() ? std::span<std::uint32_t const>() : found->second;
  }

 private:
  std::size_t k_;
  std::map<token_id, std::vector<std::uint32_t>> occurrences_;
};

namespace detail {

/// The k largest of the numbers added, and their sum.
class k_largest {
 public:
  explicit k_largest(std::size_t k) : k_(k) {}

  /// Whether the number is one of them for now; if not, no smaller one would be.
  bool add(std::uint32_t number) {
    if (k_ == 0) return false;
    if (largest_.size() == k_) {
      if (number <= largest_.top()) return false;
      sum_ -= largest_.top();
      largest_.pop();
    }
    largest_.push(number);
    sum_ += number;
    return true;
  }

  std::uint64_t sum() const { return sum_; }

 private:
  std::size_t k_;
  std::uint64_t sum_ = 0;
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> largest_;  // the least on top
};

}  // namespace detail

/// What a neuron's firings by token say of the most firings that k n-grams can hold, each from above.
struct ngram_bound {
  std::uint64_t by_last_token = 0;  ///< of an n-gram at most what its last token has: min(N(g), c(last token)) (paper)
  std::uint64_t shared = 0;         ///< and of all n-grams with one last token together not more; never the larger one

  friend bool operator==(ngram_bound const&, ngram_bound const&) = default;
};

/// The bounds of each neuron [neuron] from the table by token of the same text, BOS left out.
inline std::vector<ngram_bound> bound_by_tokens(firing_table<token_id> const& by_token,
                                                ngrams_by_last_token const& ngrams) {
  std::vector<std::span<std::uint32_t const>> occurrences;  // [row]
  for (token_id const token : by_token.keys) occurrences.push_back(ngrams.occurrences(token));
  std::vector<ngram_bound> bounds(by_token.neurons());
  for_each_neuron(by_token, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    detail::k_largest one_by_one(ngrams.k()), together(ngrams.k());
    for (std::size_t row = 0; row < counts.size(); ++row) {
      std::uint32_t left = counts[row];
      for (std::uint32_t const n : occurrences[row])
        if (counts[row] == 0 || !one_by_one.add(std::min(n, counts[row]))) break;
      for (std::uint32_t const n : occurrences[row]) {
        if (left == 0 || !together.add(std::min(n, left))) break;
        left -= std::min(n, left);
      }
    }
    bounds[neuron] = {one_by_one.sum(), together.sum()};
  });
  return bounds;
}

}  // namespace census
