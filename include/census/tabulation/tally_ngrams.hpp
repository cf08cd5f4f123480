// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/counts_of_counts.hpp>
#include <census/tabulation/detail/ngram_stripes.hpp>
#include <census/tabulation/detail/stripe_tally.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace census {

/// Memory that tally_ngrams needs beside the layer, its n-grams and its `memory`, in bytes, from above: where each
/// row is kept, and the counters of each thread.
inline std::uint64_t tally_ngrams_bytes(std::uint64_t tokens, std::uint64_t threads) {
  auto const any = [](std::uint64_t occurrences) { return occurrences; };
  return 8 * tokens + threads * (detail::stripe_tally<decltype(any)>::bytes(tokens) + (1 << 20));
}

/// Calls visit(neuron, counts, reached) for each neuron of a layer, once all of its n-grams are counted, exactly, and
/// in memory that does not grow with the number of n-grams times neurons:
///  - counts: at how many n-grams the neuron fired how often, descending by how often, zeros left out;
///  - reached: its firings at those n-grams at which it fired fewest(occurrences of the n-gram) times or more.
///
/// In parallel over stripes of neurons; `visit` may write only what belongs to its neuron. `memory` bytes are for words
/// of firings that lie in a file, and for counting more stripes of neurons at once, which is faster; results do not
/// depend on it. Throws std::invalid_argument where the n-grams are of another text than the layer's, bad_input where
/// firings lie in a file that cannot be read.
template <std::invocable<std::uint64_t> Fewest,
          std::invocable<std::uint32_t, std::span<equal_counts const>, std::uint64_t> Visit>
void tally_ngrams(kept_layer const& layer, ngram_rows const& ngrams, std::uint64_t memory, Fewest const& fewest,
                  Visit const& visit) {
  detail::count_stripes(
      layer, ngrams, memory, detail::stripe_tally<Fewest>::bytes(ngrams.tokens()),
      [](std::size_t, std::size_t) { return true; },
      [&](detail::word_range words) { return detail::stripe_tally(ngrams.tokens(), words.count, fewest); },
      [&](detail::stripe_tally<Fewest>& tally, detail::word_range words) {
        tally.finish();
        std::size_t const first = 64 * words.first, last = std::min(first + 64 * words.count, layer.neurons());
        for (std::size_t neuron = first; neuron < last; ++neuron) {
          auto const counts = tally.counts(neuron - first);
          visit(static_cast<std::uint32_t>(neuron), std::span<equal_counts const>(counts),
                tally.reached(neuron - first));
        }
      });
}

}  // namespace census
