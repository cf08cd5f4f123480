// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Texts are dealt to several ranks in turn: text t goes to rank t % ranks, so each is in one of them.
///
/// Those of one rank, in order. Throws std::invalid_argument unless rank < ranks.
inline text_list dealt_texts(text_list const& all, std::size_t rank, std::size_t ranks) {
  if (rank >= ranks)
    throw std::invalid_argument("census::dealt_texts: rank " + std::to_string(rank) + " of " + std::to_string(ranks));
  std::vector<std::size_t> rows;
  for (std::size_t t = rank; t < all.size(); t += ranks) rows.push_back(all.rows()[t]);
  return {std::move(rows), [all, rank, ranks](std::size_t i) { return all[rank + i * ranks]; }};
}

/// All texts, those of rank 0 before those of rank 1, and so on.
inline text_list texts_rank_by_rank(text_list const& all, std::size_t ranks) {
  std::vector<std::size_t> rows, texts;
  for (std::size_t rank = 0; rank < ranks; ++rank)
    for (std::size_t t = rank; t < all.size(); t += ranks) texts.push_back(t), rows.push_back(all.rows()[t]);
  return {std::move(rows), [all, texts = std::move(texts)](std::size_t i) { return all[texts[i]]; }};
}

}  // namespace census
