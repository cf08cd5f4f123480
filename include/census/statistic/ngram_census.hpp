// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/counts_of_counts.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/ngram_tally.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/ngram_rows.hpp>
#include <census/tabulation/ngram_stripes.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// The paper's rule for tokens (cover <= 5), trigrams (50), and ours for all longer than tokens (50).
inline detector_rule ngram_detector_rule(std::size_t n) { return {.cover_at_most = n == 1 ? 5u : 50u}; }

/// The n-gram statistics of one layer, for one n (paper, sections 4.1 and 4.2). Numbers of n-grams are those of the
/// ngram_rows it was taken with.
struct ngram_census {
  std::size_t n = 0;
  std::uint64_t tokens = 0;            ///< at which an n-gram ends
  std::uint64_t distinct = 0;          ///< n-grams
  std::vector<std::uint64_t> firings;  ///< F(n) [neuron]: where an n-gram ends
  std::vector<std::uint32_t> cover;    ///< [neuron], 0 where it never fired at an n-gram
  std::vector<detector> detectors;     ///< ascending by neuron; `row` is the number of an n-gram
  /// Of each detector, over all n-grams at which it fired (repeat_rate) [detector].
  std::vector<std::optional<double>> repeat_rates;
  std::vector<std::uint32_t> detected;  ///< D(l): n-grams that some detector detects, ascending

  std::size_t neurons() const { return firings.size(); }

  friend bool operator==(ngram_census const&, ngram_census const&) = default;
};

/// How an n-gram census is taken; the results do not depend on the memory.
struct ngram_options {
  detector_rule rule;
  std::uint64_t memory = std::uint64_t{256} << 20;  ///< bytes for columns of firings that lie in a file
};

/// Memory that take_ngram_census needs beside the layer, its n-grams and options.memory, in bytes, from above; the
/// n-grams that detectors fire at come on top.
inline std::uint64_t ngram_census_bytes(std::uint64_t tokens, std::uint64_t threads) {
  auto const root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(tokens))) + 16;
  return 8 * tokens + threads * ((6 << 10) * root + (1 << 20));
}

/// Calls visit(neuron, its n-grams) for each of some neurons, ascending: the n-grams at which it fired, ascending by
/// number, with its firings and their occurrences. In parallel over stripes of neurons; `visit` may write only what
/// belongs to its neuron. A stripe's n-grams are in memory at once, so it is for neurons that fire at few.
template <std::invocable<std::uint32_t, std::span<key_firings const>> Visit>
void for_each_neuron(kept_layer const& layer, ngram_rows const& ngrams, std::span<std::uint32_t const> neurons,
                     Visit const& visit, std::uint64_t memory = ngram_options{}.memory) {
  if (!std::ranges::is_sorted(neurons) || (!neurons.empty() && neurons.back() >= layer.neurons()))
    throw std::invalid_argument("census::for_each_neuron: the neurons are to ascend, and to be the layer's");
  auto const chosen = [&](std::size_t first, std::size_t last) {
    return neurons.subspan(
        static_cast<std::size_t>(std::ranges::lower_bound(neurons, first) - neurons.begin()),
        static_cast<std::size_t>(std::ranges::lower_bound(neurons, last) - std::ranges::lower_bound(neurons, first)));
  };
  auto const wanted = [&](std::size_t first, std::size_t last) { return !chosen(first, last).empty(); };
  for_each_stripe(layer, ngrams, memory, wanted, [&](std::size_t first_word, std::size_t words, auto const& read) {
    auto const here = chosen(first_word * 64, (first_word + words) * 64);
    detail::stripe mask{};
    std::array<std::uint32_t, detail::ngram_tally::neurons> place{};
    for (std::size_t i = 0; i < here.size(); ++i) {
      std::size_t const neuron = here[i] - first_word * 64;
      mask[neuron / 64] |= std::uint64_t{1} << neuron % 64;
      place[neuron] = static_cast<std::uint32_t>(i);
    }
    std::vector<std::vector<key_firings>> fired(here.size());
    for (std::uint32_t g = 0; g < ngrams.distinct(); ++g) {
      std::size_t const begin = ngrams.first()[g], end = ngrams.first()[g + 1];
      for (std::size_t i = begin; i < end;) {
        detail::bit_sliced_counters counters;
        detail::stripe any{};
        std::size_t const last = std::min(end, i + detail::bit_sliced_counters::most_rows);
        for (; i < last; ++i) {
          detail::stripe row = read(i);
          std::uint64_t some = 0;
          for (std::size_t w = 0; w < detail::stripe_words; ++w) {
            row[w] &= mask[w];
            any[w] |= row[w];
            some |= row[w];
          }
          if (some != 0) counters.add(row);
        }
        for (std::size_t w = 0; w < words; ++w)
          for (std::uint64_t bits = any[w]; bits != 0; bits &= bits - 1) {
            std::size_t const neuron = w * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            auto& list = fired[place[neuron]];
            if (list.empty() || list.back().row != g) list.push_back({g, 0, end - begin});
            list.back().firings += counters.count(neuron);
          }
      }
    }
    for (std::size_t i = 0; i < here.size(); ++i) visit(here[i], std::span<key_firings const>(fired[i]));
  });
}

/// Takes the n-gram census of one layer, exactly, in memory that does not grow with the number of n-grams times
/// neurons: rows are summed n-gram by n-gram into counts of counts, and only detectors are looked at again for the
/// n-grams they detect. Throws std::invalid_argument where the n-grams are of another text than the layer's, bad_input
/// where firings lie in a file that cannot be read.
inline ngram_census take_ngram_census(kept_layer const& layer, ngram_rows const& ngrams, ngram_options const& options) {
  ngram_census taken{ngrams.n(), ngrams.tokens(), ngrams.distinct(), {}, {}, {}, {}, {}};
  taken.firings.resize(layer.neurons());
  taken.cover.resize(layer.neurons());
  std::vector<std::uint64_t> explained(layer.neurons());
  auto const all = [](std::size_t, std::size_t) { return true; };
  for_each_stripe(layer, ngrams, options.memory, all, [&](std::size_t first_word, std::size_t words, auto const& read) {
    detail::ngram_tally const tally(ngrams, options.rule.fires_on, words, read);
    for (std::size_t n = first_word * 64; n < std::min((first_word + words) * 64, layer.neurons()); ++n) {
      auto const counts = tally.counts(n - first_word * 64);
      taken.firings[n] = sum(counts);
      taken.cover[n] = static_cast<std::uint32_t>(cover(counts, options.rule.covered));
      explained[n] = tally.detected(n - first_word * 64);
    }
  });

  std::vector<std::uint32_t> neurons;
  for (std::uint32_t n = 0; n < layer.neurons(); ++n)
    if (taken.cover[n] > 0 && taken.cover[n] <= options.rule.cover_at_most &&
        at_least(explained[n], taken.firings[n], options.rule.explained))
      neurons.push_back(n);
  taken.repeat_rates.resize(neurons.size());
  for (std::uint32_t const n : neurons) taken.detectors.push_back({n, taken.cover[n], taken.firings[n], {}, true});
  for_each_neuron(
      layer, ngrams, neurons,
      [&](std::uint32_t neuron, std::span<key_firings const> fired) {
        auto const place = std::ranges::lower_bound(neurons, neuron) - neurons.begin();
        auto& detected = taken.detectors[static_cast<std::size_t>(place)].detected;
        taken.repeat_rates[static_cast<std::size_t>(place)] = repeat_rate_of(fired);
        for (key_firings const& one : fired)
          if (at_least(one.firings, one.occurrences, options.rule.fires_on)) detected.push_back(one);
        std::ranges::sort(detected, more_firings);
      },
      options.memory);
  taken.detected = detected_rows(taken.detectors);
  return taken;
}

inline ngram_census take_ngram_census(kept_layer const& layer, ngram_rows const& ngrams) {
  return take_ngram_census(layer, ngrams, {.rule = ngram_detector_rule(ngrams.n())});
}

}  // namespace census
