// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// E [token, hidden], the embedding, as a model gives it away.
using embedding_matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows first .. first + count - 1 of E, [count, hidden]: for an embedding that is not held whole.
template <class F>
concept embedding_reader = requires(F const& rows, std::size_t first, std::size_t count) {
  { rows(first, count) } -> std::convertible_to<embedding_matrix>;
};

/// The projection of a neuron's update v [hidden] on the vocabulary, E·v [token]: what the neuron adds to each token's
/// logit when it fires with value 1, up to the final norm (paper, section 4.3). With `final_gain` [hidden], that norm's
/// gain is folded in: E·(gain ⊙ v). Throws std::invalid_argument where shapes disagree.
inline Eigen::VectorXf vocabulary_projection(Eigen::Ref<embedding_matrix const> embedding,
                                             Eigen::Ref<Eigen::VectorXf const> update,
                                             Eigen::VectorXf const& final_gain = {}) {
  if (embedding.cols() != update.size() || (final_gain.size() > 0 && final_gain.size() != update.size()))
    throw std::invalid_argument(
        "census::vocabulary_projection: embedding, update and gain differ in their hidden size");
  if (final_gain.size() == 0) return embedding * update;
  Eigen::VectorXf const scaled = final_gain.cwiseProduct(update);
  return embedding * scaled;
}

namespace detail {
inline Eigen::VectorXf without_mean(Eigen::VectorXf values) {
  double sum = 0;  // one by one: a vectorised sum depends on where the values lie
  for (float const value : values) sum += static_cast<double>(value);
  return values.array() - static_cast<float>(sum / static_cast<double>(values.size()));
}
}  // namespace detail

/// An update as the final norm leaves it, gain ⊙ (v − mean v) [hidden]: the norm takes the mean of v away. Without a
/// gain, `final_gain` empty, it counts as ones. Throws std::invalid_argument where shapes disagree.
inline Eigen::VectorXf centred_update(Eigen::Ref<Eigen::VectorXf const> update,
                                      Eigen::VectorXf const& final_gain = {}) {
  if (final_gain.size() > 0 && final_gain.size() != update.size())
    throw std::invalid_argument("census::centred_update: update and gain differ in their hidden size");
  Eigen::VectorXf const centred = detail::without_mean(update);
  return final_gain.size() == 0 ? centred : Eigen::VectorXf(final_gain.cwiseProduct(centred));
}

/// The projection as softmax and the final norm leave it, s* [token] = (e − mean e)·(gain ⊙ (v − mean v)): the mean of
/// E moves all logits alike. Throws as vocabulary_projection does.
inline Eigen::VectorXf centred_projection(Eigen::Ref<embedding_matrix const> embedding,
                                          Eigen::Ref<Eigen::VectorXf const> update,
                                          Eigen::VectorXf const& final_gain = {}) {
  return detail::without_mean(vocabulary_projection(embedding, centred_update(update, final_gain)));
}

/// A token and what a neuron's update adds to it.
struct scored_token {
  token_id token;
  float score;
  friend bool operator==(scored_token const&, scored_token const&) = default;
};

namespace detail {
inline float score_of(Eigen::VectorXf const& scores, token_id token) {
  if (token >= scores.size()) throw std::out_of_range("census: token " + std::to_string(token) + " has no score");
  return scores[static_cast<Eigen::Index>(token)];
}

template <class Before>
std::vector<scored_token> first_tokens(Eigen::VectorXf const& scores, std::size_t count, Before before) {
  std::vector<scored_token> all;
  for (Eigen::Index t = 0; t < scores.size(); ++t) {
    if (scores[t] != scores[t]) throw std::domain_error("census: the score of token " + std::to_string(t) + " is NaN");
    all.push_back({static_cast<token_id>(t), scores[t]});
  }
  auto const end = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::ranges::partial_sort(all, end, [&](scored_token const& a, scored_token const& b) {
    return a.score == b.score ? a.token < b.token : before(a.score, b.score);
  });
  all.erase(end, all.end());
  return all;
}
}  // namespace detail

/// The `count` tokens that the update promotes most, highest score first; of equals the lower id. Throws
/// std::domain_error at NaN.
inline std::vector<scored_token> top_promoted(Eigen::VectorXf const& scores, std::size_t count) {
  return detail::first_tokens(scores, count, [](float a, float b) { return a > b; });
}

/// The `count` tokens that the update suppresses most, lowest score first; of equals the lower id. Throws
/// std::domain_error at NaN.
inline std::vector<scored_token> top_suppressed(Eigen::VectorXf const& scores, std::size_t count) {
  return detail::first_tokens(scores, count, [](float a, float b) { return a < b; });
}

/// The mean score of some tokens: with a neuron's own triggers, negative where it suppresses what it detects (figure
/// 6). Throws std::invalid_argument without tokens, std::out_of_range where one has no score.
inline double mean_score(Eigen::VectorXf const& scores, std::span<token_id const> tokens) {
  if (tokens.empty()) throw std::invalid_argument("census::mean_score: no tokens");
  double sum = 0;
  for (token_id const token : tokens) sum += static_cast<double>(detail::score_of(scores, token));
  return sum / static_cast<double>(tokens.size());
}

/// A token's place in the ranking by score: 0 for the most promoted, vocabulary - 1 for the most suppressed; of equals
/// the lower id first. Throws std::out_of_range where it has no score.
inline std::size_t rank_of(Eigen::VectorXf const& scores, token_id token) {
  float const own = detail::score_of(scores, token);
  std::size_t rank = 0;
  for (Eigen::Index t = 0; t < scores.size(); ++t)
    rank += scores[t] > own || (scores[t] == own && t < static_cast<Eigen::Index>(token));
  return rank;
}

}  // namespace census
