// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/ngram_stripes.hpp>
#include <census/tabulation/detail/stripe_lists.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/key_firings.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace census {

/// Calls visit(neuron, its n-grams) for each of some neurons, ascending: the n-grams at which it fired, ascending by
/// number, with its firings and their occurrences. In parallel over stripes of neurons; `visit` may write only what
/// belongs to its neuron. The n-grams of up to four stripes a thread are in memory at once, so it is for neurons that
/// fire at few. `memory` and errors as in tally_ngrams; throws std::invalid_argument also where the neurons do not
/// ascend, or are not the layer's.
template <std::invocable<std::uint32_t, std::span<key_firings const>> Visit>
void list_ngrams(kept_layer const& layer, ngram_rows const& ngrams, std::span<std::uint32_t const> neurons,
                 std::uint64_t memory, Visit const& visit) {
  if (!std::ranges::is_sorted(neurons) || (!neurons.empty() && neurons.back() >= layer.neurons()))
    throw std::invalid_argument("census::list_ngrams: the neurons are to ascend, and to be the layer's");
  auto const chosen = [&](std::size_t first, std::size_t last) {
    auto const begin = std::ranges::lower_bound(neurons, first), end = std::ranges::lower_bound(neurons, last);
    return std::span<std::uint32_t const>(begin, end);
  };
  auto const chosen_of = [&](detail::word_range words) {
    return chosen(64 * words.first, 64 * (words.first + words.count));
  };
  detail::count_stripes(
      layer, ngrams, memory, 0, [&](std::size_t first, std::size_t last) { return !chosen(first, last).empty(); },
      [&](detail::word_range words) { return detail::stripe_lists(chosen_of(words), 64 * words.first); },
      [&](detail::stripe_lists const& lists, detail::word_range words) {
        auto const here = chosen_of(words);
        for (std::size_t i = 0; i < here.size(); ++i) visit(here[i], lists[i]);
      });
}

}  // namespace census
