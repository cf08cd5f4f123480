// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/token_variants.hpp>
#include <census/projection/trigger_scores.hpp>
#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/self_repetition.hpp>
#include <census/token_id.hpp>
#include <census/uint128.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// The tokens that a trigger's score is compared with: what the text and the vocabulary know, for all layers.
class trigger_nulls {
 public:
  trigger_nulls() = default;

  /// decode(token) gives the text of each of `tokens` tokens.
  template <std::invocable<token_id> Decode>
  trigger_nulls(token_successions counts, std::size_t tokens, Decode const& decode)
      : counts_(std::move(counts)), variants_(tokens, decode) {
    for (std::size_t token = 0; token < tokens; ++token)
      if (counts_.occurrences_of(static_cast<token_id>(token)) > 0)
        rarest_first_.push_back(static_cast<token_id>(token));
    std::ranges::sort(rarest_first_, [&](token_id a, token_id b) {
      return std::pair(counts_.occurrences_of(a), a) < std::pair(counts_.occurrences_of(b), b);
    });
  }

  std::size_t tokens() const { return variants_.tokens(); }
  token_variants const& variants() const { return variants_; }
  self_repetition succession_of(std::span<token_id const> triggers) const {
    return self_repetition_of(counts_, triggers);
  }

  /// The tokens that occur within half an octave as often as the trigger: 1/√2 to √2 times, compared in integers; from
  /// the rarest on, the trigger among them. None for one that does not occur.
  std::span<token_id const> as_frequent_as(token_id trigger) const {
    std::uint64_t const own = counts_.occurrences_of(trigger);
    if (own == 0) return {};
    auto const first = std::ranges::partition_point(
        rarest_first_, [&](token_id token) { return beyond(own, counts_.occurrences_of(token)); });
    auto const last = std::ranges::partition_point(
        rarest_first_, [&](token_id token) { return !beyond(counts_.occurrences_of(token), own); });
    return {first, last};
  }

 private:
  /// more > √2 · less
  static bool beyond(std::uint64_t more, std::uint64_t less) {
    return uint128{more} * more > 2 * (uint128{less} * less);
  }

  token_successions counts_;
  token_variants variants_;
  std::vector<token_id> rarest_first_;  // that occur
};

/// A detector's triggers by the scores [token] of its update: the paper's, E·v, or centred ones. `triggers` are its
/// detected tokens, each once. Throws std::invalid_argument without triggers, std::out_of_range where one has no score.
inline trigger_scores judge_triggers(Eigen::VectorXf const& scores, std::span<token_id const> triggers) {
  trigger_scores judged;
  judged.projection = mean_score(scores, triggers);
  double ranks = 0;
  for (token_id const trigger : triggers) ranks += static_cast<double>(rank_of(scores, trigger));
  judged.rank = ranks / static_cast<double>(triggers.size());
  return judged;
}

/// The same against both nulls. `layers` are the triggers of all of the layer's detectors, its own among them, each
/// once. What is a variant of a trigger in case or space is no null for it. Throws std::invalid_argument also where
/// there are not as many scores as tokens.
inline trigger_scores judge_triggers(Eigen::VectorXf const& scores, std::span<token_id const> triggers,
                                     std::span<token_id const> layers, trigger_nulls const& nulls) {
  if (static_cast<std::size_t>(scores.size()) != nulls.tokens())
    throw std::invalid_argument("census::judge_triggers: the scores and the nulls are of different vocabularies");
  trigger_scores judged = judge_triggers(scores, triggers);
  auto const own = nulls.variants().classes_of(triggers);
  auto const is_null = [&](token_id token) {
    return !std::ranges::binary_search(own, nulls.variants().class_of(token));
  };
  double percentiles = 0;
  std::size_t with_null = 0;
  for (token_id const trigger : triggers) {
    float const score = detail::score_of(scores, trigger);
    std::uint64_t halves = 0, others = 0;
    for (token_id const token : nulls.as_frequent_as(trigger) | std::views::filter(is_null)) {
      float const other = scores[static_cast<Eigen::Index>(token)];
      halves += other < score ? 2 : other == score ? 1 : 0;
      ++others;
    }
    if (others == 0) continue;
    percentiles += static_cast<double>(halves) / (2 * static_cast<double>(others));
    ++with_null;
  }
  if (with_null > 0) judged.null_percentile = percentiles / static_cast<double>(with_null);
  std::vector<token_id> others;
  std::ranges::copy_if(layers, std::back_inserter(others), is_null);
  if (!others.empty()) judged.paired_difference = judged.projection - mean_score(scores, others);
  return judged;
}

}  // namespace census
