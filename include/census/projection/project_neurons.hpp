// SPDX-License-Identifier: MIT
#pragma once

#include <census/cancelled.hpp>
#include <census/parallel_loop.hpp>
#include <census/projection/detail/first_scores.hpp>
#include <census/projection/detail/score_updates.hpp>
#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/layer_projections.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <tbb/enumerable_thread_specific.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace census {

namespace detail {

/// Neurons whose updates are held at once, each time with all of E read once more; and those of one product. A product
/// is of the same neurons and tokens whatever else is asked for, so that scores are the same to the bit.
inline constexpr std::size_t neurons_at_once = 2048, neurons_a_product = 128;

/// What the products of a thread hold: their scores, and copies of their factors in the order in which Eigen reads
/// them.
inline constexpr std::size_t bytes_a_product = std::size_t{4} << 20;

/// Shows the scores of the tokens from `token` on, whose rows of E are `part`, to each neuron's `kept`; a row of
/// `updates` a neuron.
inline void rank_part(embedding_matrix const& part, std::size_t token, embedding_matrix const& updates,
                      std::span<first_scores> kept) {
  tbb::enumerable_thread_specific<Eigen::MatrixXf> of_threads;  // scores [token, neuron], a neuron's in one piece
  std::size_t const products = (kept.size() + neurons_a_product - 1) / neurons_a_product;
  parallel_loop(std::size_t{0}, products, [&](std::size_t i) {
    auto const mine =
        kept.subspan(i * neurons_a_product, std::min(neurons_a_product, kept.size() - i * neurons_a_product));
    auto& scores = of_threads.local();
    scores.noalias() =
        part *
        updates.middleRows(static_cast<Eigen::Index>(i * neurons_a_product), static_cast<Eigen::Index>(mine.size()))
            .transpose();
    for (std::size_t n = 0; n < mine.size(); ++n)
      mine[n].observe(static_cast<token_id>(token),
                      {scores.col(static_cast<Eigen::Index>(n)).data(), static_cast<std::size_t>(scores.rows())});
  });
}

/// The next neuron's tokens and scores.
inline void append(token_ranking& ranking, std::vector<scored_token> const& tokens) {
  for (auto const& [token, score] : tokens) ranking.ids.push_back(token), ranking.scores.push_back(score);
}

}  // namespace detail

/// Bytes of memory for project_neurons, from above, on so many threads, beside its result.
inline std::uint64_t project_neurons_bytes(std::uint64_t ranked, std::uint64_t hidden_size, std::uint64_t threads) {
  return sizeof(float) * (detail::neurons_at_once + detail::rows_at_once) * hidden_size +
         detail::neurons_at_once * 2 * (sizeof(detail::first_scores) + 2 * (ranked + 1) * sizeof(scored_token)) +
         threads * detail::bytes_a_product;
}

/// Projects the updates of a layer's neurons on a vocabulary of `tokens`, E·v, and keeps of each the `ranked` tokens at
/// either end, as many as there are at most. update_of(neuron) -> [hidden] is asked once for each neuron, ascending, on
/// the caller's thread, as the output embedding sees it. Texts of tokens are left to name_tokens. The same to the bit
/// on any number of threads; scores may differ in the last digit from those of vocabulary_projection, which sums in
/// another order. Throws std::invalid_argument where updates and embedding differ in their hidden size,
/// std::domain_error where a score is NaN.
template <std::invocable<std::size_t> UpdateOf>
layer_projections project_neurons(std::size_t neurons, std::size_t tokens, std::size_t ranked,
                                  UpdateOf const& update_of, embedding_reader auto const& rows) {
  layer_projections all{std::min(ranked, tokens), {}, {}};
  if (all.ranked == 0) return all;
  for (std::size_t first = 0; first < neurons; first += detail::neurons_at_once) {
    std::size_t const count = std::min(detail::neurons_at_once, neurons - first);
    embedding_matrix updates;
    for (std::size_t n = 0; n < count; ++n) {
      Eigen::VectorXf const update = update_of(first + n);
      if (n == 0) updates.resize(static_cast<Eigen::Index>(count), update.size());
      if (update.size() != updates.cols()) throw std::invalid_argument("census::project_neurons: updates of two sizes");
      updates.row(static_cast<Eigen::Index>(n)) = update;
    }
    std::vector<detail::first_scores> kept(count, detail::first_scores(all.ranked));
    for (std::size_t token = 0; token < tokens; token += detail::rows_at_once) {
      check_not_cancelled();
      embedding_matrix const part = rows(token, std::min(detail::rows_at_once, tokens - token));
      if (part.cols() != updates.cols())
        throw std::invalid_argument("census::project_neurons: embedding and updates differ in their hidden size");
      detail::rank_part(part, token, updates, kept);
    }
    for (detail::first_scores const& one : kept) {
      detail::append(all.promoted, one.promoted());
      detail::append(all.suppressed, one.suppressed());
    }
  }
  return all;
}

}  // namespace census
