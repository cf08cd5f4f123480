// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/ngram_rows.hpp>
#include <census/tabulation/token_at.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace census {

/// An n-gram kept apart, by its number in ngram_rows, or a pool of all others.
struct sketch_key {
  bool pooled;
  std::uint32_t number;  ///< of the n-gram; of a pool its last token, or 0

  friend auto operator<=>(sketch_key const&, sketch_key const&) = default;
};

/// Which n-grams a sketch pools.
enum class sketch_pools : std::uint8_t { one, by_last_token };

/// The key function of a certified sketch, where there is memory for neither all n-grams nor the firings themselves:
/// the most frequent n-grams of a text are kept apart, the others pooled. Since the text is known, so is how often each
/// pooled n-gram occurs, and that bounds what it can hold (certify_ngrams).
///
///     census::firings_by sketched{census::ngram_sketch(trigrams, 10'000)};
///     census::survey(source, sketched);
///     auto const bounds = census::certify_ngrams(sketched.table(3), census::ngram_sketch(trigrams, 10'000));
///
/// A table of it has at most kept() + the number of pools rows. Copies share what they know.
class ngram_sketch {
 public:
  /// Keeps apart the `kept` most frequent n-grams, of equally frequent ones the first.
  ngram_sketch(ngram_rows const& ngrams, std::size_t kept, sketch_pools pools = sketch_pools::by_last_token) {
    auto known = std::make_shared<knowledge>();
    known->n = ngrams.n(), known->pools = pools, known->tokens = ngrams.tokens();
    std::vector<std::uint32_t> frequent(ngrams.distinct());
    for (std::uint32_t g = 0; g < frequent.size(); ++g) frequent[g] = g;
    auto const more_frequent = [&](std::uint32_t a, std::uint32_t b) {
      auto const of_a = ngrams.occurrences(a), of_b = ngrams.occurrences(b);
      return of_a != of_b ? of_a > of_b : a < b;
    };
    auto const end = frequent.begin() + static_cast<std::ptrdiff_t>(std::min(kept, frequent.size()));
    std::ranges::nth_element(frequent, end, more_frequent);
    std::sort(frequent.begin(), end);
    for (auto g = frequent.begin(); g != end; ++g) {
      auto const tokens = ngrams.tokens_of(*g);
      known->kept_tokens.insert(known->kept_tokens.end(), tokens.begin(), tokens.end());
      known->kept_numbers.push_back(*g);
      known->kept_occurrences.push_back(ngrams.occurrences(*g));
    }
    for (auto g = end; g != frequent.end(); ++g)
      known->pooled[known->pool_of(ngrams.tokens_of(*g).back())].push_back(ngrams.occurrences(*g));
    for (auto& [pool, occurrences] : known->pooled) std::ranges::sort(occurrences);
    known_ = std::move(known);
  }

  std::size_t n() const { return known_->n; }
  std::size_t kept() const { return known_->kept_numbers.size(); }

  /// Tokens at which an n-gram ends.
  std::uint64_t tokens() const { return known_->tokens; }

  /// The occurrences of the pool's n-grams, ascending; empty where no pool has this number.
  std::span<std::uint32_t const> pooled_occurrences(std::uint32_t number) const {
    auto const found = known_->pooled.find(number);
    return found == known_->pooled.end() ? std::span<std::uint32_t const>() : found->second;
  }

  /// The occurrences of an n-gram that is kept apart; nothing where it is not.
  std::optional<std::uint32_t> kept_occurrences(std::uint32_t number) const {
    auto const found = std::ranges::lower_bound(known_->kept_numbers, number);
    if (found == known_->kept_numbers.end() || *found != number) return std::nullopt;
    return known_->kept_occurrences[static_cast<std::size_t>(found - known_->kept_numbers.begin())];
  }

  std::optional<sketch_key> operator()(token_at at) const {
    auto const n = static_cast<std::uint32_t>(known_->n);
    if (!at.before(n - 1)) return std::nullopt;
    // numbers ascend with the tokens, so that those kept can be searched
    std::size_t low = 0, high = kept();
    while (low < high) {
      std::size_t const middle = (low + high) / 2;
      auto const order = compare(middle, at);
      if (order == 0) return sketch_key{false, known_->kept_numbers[middle]};
      (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
    }
    return sketch_key{true, known_->pool_of(at.token())};
  }

 private:
  struct knowledge {
    std::size_t n = 0;
    sketch_pools pools = sketch_pools::one;
    std::uint64_t tokens = 0;
    std::vector<token_id> kept_tokens;                          // [kept, n], ascending
    std::vector<std::uint32_t> kept_numbers, kept_occurrences;  // [kept]
    std::map<std::uint32_t, std::vector<std::uint32_t>> pooled;

    std::uint32_t pool_of(token_id last) const { return pools == sketch_pools::one ? 0 : last; }
  };

  /// Of an n-gram that is kept apart with the one that ends here.
  std::strong_ordering compare(std::size_t place, token_at at) const {
    auto const n = static_cast<std::uint32_t>(known_->n);
    for (std::uint32_t i = 0; i < n; ++i)
      if (auto const order = known_->kept_tokens[place * n + i] <=> *at.before(n - 1 - i); order != 0) return order;
    return std::strong_ordering::equal;
  }

  std::shared_ptr<knowledge const> known_;
};

}  // namespace census
