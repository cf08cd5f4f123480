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
    for (std::uint32_t g = 0; g < ngrams.distinct(); ++g) {
      ending& here = by_token_[ngrams.tokens_of(g).back()];
      here.most_frequent.push_back(ngrams.occurrences(g));
      here.tokens += ngrams.occurrences(g);
    }
    for (auto& [token, here] : by_token_) {
      std::ranges::sort(here.most_frequent, std::greater{});
      if (here.most_frequent.size() > k) here.most_frequent.resize(k);
      here.most_frequent.shrink_to_fit();
    }
  }

  std::size_t k() const { return k_; }

  /// The n-grams that end with one token.
  struct ending {
    std::uint64_t tokens = 0;                  ///< occurrences of them all
    std::vector<std::uint32_t> most_frequent;  ///< of the k most frequent, descending
  };

  /// None for a token with which no n-gram ends.
  ending const& of(token_id last) const {
    static ending const none;
    auto const found = by_token_.find(last);
    return found == by_token_.end() ? none : found->second;
  }

 private:
  std::size_t k_;
  std::map<token_id, ending> by_token_;
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

/// What a neuron's firings by token say of its firings at n-grams.
struct ngram_bound {
  std::uint64_t least_firings = 0;  ///< F(n) from below: some tokens, at the start of sequences, end no n-gram
  /// The most firings that k n-grams can hold. Of an n-gram at most what its last token has, min(N(g), c(last token))
  /// (paper, scale figures);
  std::uint64_t by_last_token = 0;
  std::uint64_t shared = 0;  ///< and of all n-grams with one last token not more than that together: the sharper one

  friend bool operator==(ngram_bound const&, ngram_bound const&) = default;
};

/// The bounds of each neuron [neuron] from the table by token of the same text, BOS left out.
inline std::vector<ngram_bound> bound_by_tokens(firing_table<token_id> const& by_token,
                                                ngrams_by_last_token const& ngrams) {
  std::vector<ngrams_by_last_token::ending const*> ending;  // [row]
  for (token_id const token : by_token.keys) ending.push_back(&ngrams.of(token));
  std::vector<ngram_bound> bounds(by_token.neurons());
  for_each_neuron(by_token, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    detail::k_largest one_by_one(ngrams.k()), together(ngrams.k());
    std::uint64_t firings = 0;
    for (std::size_t row = 0; row < counts.size(); ++row) {
      if (counts[row] == 0) continue;
      firings += counts[row] - std::min<std::uint64_t>(counts[row], by_token.occurrences(row) - ending[row]->tokens);
      for (std::uint32_t const n : ending[row]->most_frequent)
        if (!one_by_one.add(std::min(n, counts[row]))) break;
      std::uint32_t left = counts[row];
      for (std::uint32_t const n : ending[row]->most_frequent) {
        if (left == 0 || !together.add(std::min(n, left))) break;
        left -= std::min(n, left);
      }
    }
    bounds[neuron] = {firings, one_by_one.sum(), together.sum()};
  });
  return bounds;
}

/// The neurons of a layer that could be detectors of n-grams for all that is known before their n-grams are counted,
/// and how many of the others fall to which bound, the coarsest that suffices.
struct ngram_candidates {
  std::vector<std::uint32_t> neurons;  ///< ascending
  std::uint64_t silent = 0;            ///< never fired where an n-gram ends
  std::uint64_t too_frequent = 0;      ///< for the most frequent n-grams: most_held
  std::uint64_t by_last_token = 0, shared = 0;
};

/// Leaves out the neurons that k n-grams cannot cover; no detector is among them. `most` is most_held of the text's
/// n-grams, for the same k.
inline ngram_candidates candidates(std::span<ngram_bound const> bounds, std::uint64_t most, ratio covered = {19, 20}) {
  ngram_candidates found;
  for (std::uint32_t n = 0; n < bounds.size(); ++n)
    if (bounds[n].by_last_token == 0)
      ++found.silent;
    else if (!could_cover(most, bounds[n].least_firings, covered))
      ++found.too_frequent;
    else if (!could_cover(bounds[n].by_last_token, bounds[n].least_firings, covered))
      ++found.by_last_token;
    else if (!could_cover(bounds[n].shared, bounds[n].least_firings, covered))
      ++found.shared;
    else
      found.neurons.push_back(n);
  return found;
}

}  // namespace census
