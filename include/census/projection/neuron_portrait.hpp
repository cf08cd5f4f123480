// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/detectors.hpp>
#include <census/token_id.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// A neuron as one shows it to people: what it fires on, and what it then does to the next token.
struct neuron_portrait {
  struct ngram {
    std::vector<token_id> ids;
    std::string text;
    std::uint64_t firings, occurrences;
  };
  struct token {
    token_id id;
    std::string text;
    float score;
  };

  std::uint32_t layer = 0, neuron = 0;
  bool is_detector = false;
  std::uint64_t firings = 0;  ///< BOS left out
  std::uint32_t cover = 0;    ///< how many tokens hold 95 % of them
  std::vector<ngram> ngrams;  ///< a detector's detected tokens; another neuron's top tokens; by firings descending
  std::vector<token> promoted, suppressed;
  double trigger_projection = 0;  ///< mean score of `ngrams`: negative where the neuron suppresses what it fires on
};

/// Rows first .. first + count - 1 of E, [count, hidden]: for an embedding that is not held whole.
template <class F>
concept embedding_reader = requires(F const& rows, std::size_t first, std::size_t count) {
  { rows(first, count) } -> std::convertible_to<embedding_matrix>;
};

/// Portraits of a model's neurons. What they fire on is told while their layer's table is there; what their updates do
/// is worked out for all of them together, so that the embedding is read once for some hundred neurons and never held
/// whole.
template <std::invocable<token_id> Decode>
class portrait_gallery {
 public:
  /// decode(token_id) gives a token's text; `ranked` tokens are named at either end of the ranking.
  explicit portrait_gallery(Decode decode, std::size_t ranked = 8) : decode_(std::move(decode)), ranked_(ranked) {}

  /// A neuron to portray: `neuron.detected` are rows of the table whose keys are `keys`; `update` is its own [hidden].
  void add(std::uint32_t layer, detector const& neuron, std::span<token_id const> keys, Eigen::VectorXf update) {
    neuron_portrait portrait{layer, neuron.neuron, neuron.is_one, neuron.firings, neuron.cover, {}, {}, {}, 0};
    for (key_firings const& key : neuron.detected)
      portrait.ngrams.push_back({{keys[key.row]}, decode_(keys[key.row]), key.firings, key.occurrences});
    portraits_.push_back(std::move(portrait));
    updates_.push_back(std::move(update));
  }

  /// All portraits, in the order in which they were added, with their updates on a vocabulary of `tokens`.
  std::vector<neuron_portrait> const& project(std::size_t tokens, embedding_reader auto const& rows) {
    constexpr std::size_t rows_at_once = 1024, scores_at_once = 1 << 22;
    std::size_t const group = std::max<std::size_t>(1, scores_at_once / std::max<std::size_t>(1, tokens));
    for (; projected_ < portraits_.size();) {
      std::size_t const first = projected_, count = std::min(group, portraits_.size() - first);
      std::vector<Eigen::VectorXf> scores(count, Eigen::VectorXf(static_cast<Eigen::Index>(tokens)));
      for (std::size_t token = 0; token < tokens; token += rows_at_once) {
        embedding_matrix const part = rows(token, std::min(rows_at_once, tokens - token));
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t n) {
          scores[n].segment(static_cast<Eigen::Index>(token), part.rows()) =
              vocabulary_projection(part, updates_[first + n]);
        });
      }
      for (std::size_t n = 0; n < count; ++n) finish(portraits_[first + n], scores[n]);
      projected_ += count;
    }
    return portraits_;
  }

 private:
  void finish(neuron_portrait& portrait, Eigen::VectorXf const& scores) const {
    portrait.promoted = named(top_promoted(scores, ranked_));
    portrait.suppressed = named(top_suppressed(scores, ranked_));
    std::vector<token_id> triggers;
    for (auto const& ngram : portrait.ngrams) triggers.push_back(ngram.ids.back());
    if (!triggers.empty()) portrait.trigger_projection = mean_score(scores, triggers);
  }

  std::vector<neuron_portrait::token> named(std::vector<scored_token> const& ranked) const {
    std::vector<neuron_portrait::token> tokens;
    for (scored_token const& one : ranked) tokens.push_back({one.token, decode_(one.token), one.score});
    return tokens;
  }

  Decode decode_;
  std::size_t ranked_, projected_ = 0;
  std::vector<neuron_portrait> portraits_;
  std::vector<Eigen::VectorXf> updates_;
};

/// The `count` portraits that say most about tokens, for people to look at: first the best of each layer, then the
/// second best; in a layer detectors before others, then by cover ascending and firings descending.
inline std::vector<neuron_portrait> most_telling(std::vector<neuron_portrait> const& portraits, std::size_t count) {
  auto const telling = [](neuron_portrait const& one) {
    return std::tuple(!one.is_detector, one.cover, ~one.firings, one.layer, one.neuron);
  };
  std::vector<neuron_portrait const*> ranked;
  for (auto const& portrait : portraits) ranked.push_back(&portrait);
  std::ranges::sort(ranked, {}, [&](auto const* one) { return telling(*one); });
  std::map<std::uint32_t, std::size_t> met;  // portraits of the layer so far
  std::map<std::pair<std::size_t, std::size_t>, neuron_portrait const*> by_round;
  for (auto const* one : ranked) by_round.emplace(std::pair(met[one->layer]++, by_round.size()), one);
  std::vector<neuron_portrait> chosen;
  for (auto const& [place, one] : by_round)
    if (chosen.size() < count) chosen.push_back(*one);
  return chosen;
}

}  // namespace census
