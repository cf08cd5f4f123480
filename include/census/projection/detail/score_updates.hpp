// SPDX-License-Identifier: MIT
#pragma once

#include <census/parallel_loop.hpp>
#include <census/projection/vocabulary_projection.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace census::detail {

/// A neuron's update [hidden], or its scores [token]: plain, and as the final norm leaves it. The second may be empty.
struct plain_and_centred {
  Eigen::VectorXf plain, centred;

  template <class Archive>
  void serialize(Archive& archive) {
    for (auto const& [name, vector] : {std::pair("plain", &plain), std::pair("centred", &centred)}) {
      std::vector<float> numbers(vector->begin(), vector->end());
      archive(name, numbers);
      *vector = Eigen::Map<Eigen::VectorXf const>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
    }
  }
};

/// What is held at once: rows of E, and scores, plain and centred, 16 MiB of them.
inline constexpr std::size_t rows_at_once = 1024, scores_at_once = std::size_t{1} << 22;

/// How many updates are scored at once.
inline std::size_t updates_at_once(std::size_t tokens) {
  return std::max<std::size_t>(1, scores_at_once / 2 / std::max<std::size_t>(1, tokens));
}

/// Adds to `scores` those of the tokens from `token` on, whose rows of E are `part`: row by row in pieces that stay in
/// cache, each score by itself, so that it does not depend on what else is scored.
inline void score_part(embedding_matrix const& part, std::size_t token, std::span<plain_and_centred const> updates,
                       std::span<plain_and_centred> scores) {
  constexpr Eigen::Index cached = 1 << 16;
  Eigen::Index const rows = std::clamp<Eigen::Index>(cached / std::max<Eigen::Index>(1, part.cols()) / 8 * 8, 8, 1024);
  parallel_loop(Eigen::Index{0}, (part.rows() + rows - 1) / rows, [&](Eigen::Index i) {
    Eigen::Index const from = i * rows, count = std::min(rows, part.rows() - from);
    auto const piece = part.middleRows(from, count);
    auto const score = [&](Eigen::VectorXf const& update, Eigen::VectorXf& into) {
      if (into.size() > 0)
        into.segment(static_cast<Eigen::Index>(token) + from, count) = vocabulary_projection(piece, update);
    };
    for (std::size_t n = 0; n < updates.size(); ++n) {
      score(updates[n].plain, scores[n].plain);
      score(updates[n].centred, scores[n].centred);
    }
  });
}

/// The scores [token] of some updates, on a vocabulary of `tokens` whose embedding is read once, in parts; the centred
/// ones less their mean.
std::vector<plain_and_centred> score_updates(std::span<plain_and_centred const> updates, std::size_t tokens,
                                             embedding_reader auto const& rows) {
  std::vector<plain_and_centred> scores(updates.size());
  for (std::size_t n = 0; n < updates.size(); ++n) {
    scores[n].plain.resize(static_cast<Eigen::Index>(tokens));
    if (updates[n].centred.size() > 0) scores[n].centred.resize(static_cast<Eigen::Index>(tokens));
  }
  for (std::size_t token = 0; token < tokens; token += rows_at_once)
    score_part(rows(token, std::min(rows_at_once, tokens - token)), token, updates, scores);
  parallel_loop(std::size_t{0}, scores.size(), [&](std::size_t n) {
    if (scores[n].centred.size() > 0) scores[n].centred = without_mean(std::move(scores[n].centred));
  });
  return scores;
}

}  // namespace census::detail
