// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/detectors.hpp>
#include <census/token_id.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
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

/// Draws portraits of the neurons of one model: decode(token_id) gives a token's text, `embedding` is E [token,
/// hidden].
template <std::invocable<token_id> Decode>
class portrait_painter {
 public:
  portrait_painter(embedding_matrix embedding, Decode decode, std::size_t ranked = 8)
      : embedding_(std::move(embedding)), decode_(std::move(decode)), ranked_(ranked) {}

  /// `fired` are rows of the table whose keys are `keys`; `update` is the neuron's [hidden].
  neuron_portrait operator()(std::uint32_t layer, detector const& neuron, bool is_detector,
                             std::span<token_id const> keys, Eigen::Ref<Eigen::VectorXf const> update) const {
    neuron_portrait portrait{layer, neuron.neuron, is_detector, neuron.firings, neuron.cover, {}, {}, {}, 0};
    std::vector<token_id> triggers;
    for (key_firings const& key : neuron.detected) {
      triggers.push_back(keys[key.row]);
      portrait.ngrams.push_back({{triggers.back()}, decode_(triggers.back()), key.firings, key.occurrences});
    }
    Eigen::VectorXf const scores = vocabulary_projection(embedding_, update);
    portrait.promoted = named(top_promoted(scores, ranked_));
    portrait.suppressed = named(top_suppressed(scores, ranked_));
    if (!triggers.empty()) portrait.trigger_projection = mean_score(scores, triggers);
    return portrait;
  }

 private:
  std::vector<neuron_portrait::token> named(std::vector<scored_token> const& ranked) const {
    std::vector<neuron_portrait::token> tokens;
    for (scored_token const& one : ranked) tokens.push_back({one.token, decode_(one.token), one.score});
    return tokens;
  }

  embedding_matrix embedding_;
  Decode decode_;
  std::size_t ranked_;
};

}  // namespace census
