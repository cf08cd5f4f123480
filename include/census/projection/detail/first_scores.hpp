// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/vocabulary_projection.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census::detail {

/// The `count` tokens with the highest scores and those with the lowest, of scores that come in parts, tokens
/// ascending: what top_promoted and top_suppressed give of all of them.
class first_scores {
 public:
  explicit first_scores(std::size_t count = 0) : count_(count) {}

  /// The scores of the tokens from `token` on. Throws std::domain_error at NaN.
  void observe(token_id token, std::span<float const> scores) {
    constexpr std::size_t at_once = 64;
    for (std::size_t from = 0; from < scores.size(); from += at_once) {
      auto const some = scores.subspan(from, std::min(at_once, scores.size() - from));
      if (!has_news(some)) continue;
      for (std::size_t i = 0; i < some.size(); ++i) observe_one(token + static_cast<token_id>(from + i), some[i]);
    }
  }

  std::vector<scored_token> const& promoted() const { return highest_; }
  std::vector<scored_token> const& suppressed() const { return lowest_; }

 private:
  /// Whether one of them comes before what was kept, or is NaN. Without a branch, for a compiler to make vectors of it.
  bool has_news(std::span<float const> scores) const {
    bool any = false;
    for (float const score : scores) any |= !(score <= to_promote_ && score >= to_suppress_);
    return any;
  }

  void observe_one(token_id token, float score) {
    if (score != score) throw std::domain_error("census: the score of token " + std::to_string(token) + " is NaN");
    keep(
        highest_, {token, score}, [](float a, float b) { return a > b; }, to_promote_);
    keep(
        lowest_, {token, score}, [](float a, float b) { return a < b; }, to_suppress_);
  }

  /// Among `kept`, in its order, where it comes before the last of as many as are asked for; `last` is that one's score
  /// once there are as many. Of equals the first stays first.
  template <class Before>
  void keep(std::vector<scored_token>& kept, scored_token one, Before before, float& last) const {
    auto const place = std::ranges::find_if(kept, [&](auto const& other) { return before(one.score, other.score); });
    if (place == kept.end() && kept.size() == count_) return;
    kept.insert(place, one);
    if (kept.size() > count_) kept.pop_back();
    if (kept.size() == count_ && count_ > 0) last = kept.back().score;
  }

  std::size_t count_;
  std::vector<scored_token> highest_, lowest_;
  // A score has to be above, or below, to be kept: anything until there are as many as are asked for.
  float to_promote_ = -std::numeric_limits<float>::infinity(), to_suppress_ = std::numeric_limits<float>::infinity();
};

}  // namespace census::detail
