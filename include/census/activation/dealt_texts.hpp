// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Texts are dealt in turn: of so many hands, text t goes to number t % hands. Each text is in one of them.
///
/// Those of one hand, in order. Throws std::invalid_argument unless hand < hands.
inline text_list dealt_texts(text_list const& all, std::size_t hand, std::size_t hands) {
  if (hand >= hands)
    throw std::invalid_argument("census::dealt_texts: number " + std::to_string(hand) + " of " + std::to_string(hands));
  std::vector<std::size_t> rows;
  for (std::size_t t = hand; t < all.size(); t += hands) rows.push_back(all.rows()[t]);
  return {std::move(rows), [all, hand, hands](std::size_t i) { return all[hand + i * hands]; }};
}

/// All texts, those of the first hand before those of the second, and so on.
inline text_list texts_hand_by_hand(text_list const& all, std::size_t hands) {
  std::vector<std::size_t> rows, texts;
  for (std::size_t hand = 0; hand < hands; ++hand)
    for (std::size_t t = hand; t < all.size(); t += hands) texts.push_back(t), rows.push_back(all.rows()[t]);
  return {std::move(rows), [all, texts = std::move(texts)](std::size_t i) { return all[texts[i]]; }};
}

}  // namespace census
