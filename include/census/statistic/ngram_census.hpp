// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/coverage.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/ratio.hpp>
#include <census/statistic/wilson_interval.hpp>
#include <census/tabulation/counts_of_counts.hpp>
#include <census/tabulation/documents_fired_in.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/key_firings.hpp>
#include <census/tabulation/list_ngrams.hpp>
#include <census/tabulation/ngram_rows.hpp>
#include <census/tabulation/tally_ngrams.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census {

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

  template <class Archive>
  void serialize(Archive& archive) {
    archive("n", n)("tokens", tokens)("distinct", distinct)("firings", firings)("cover", cover);
    archive("detectors", detectors)("repeat_rates", repeat_rates)("detected", detected);
  }
  friend bool operator==(ngram_census const&, ngram_census const&) = default;
};

/// How an n-gram census is taken; the results do not depend on the memory.
struct ngram_options {
  detector_rule rule;
  std::uint64_t memory = std::uint64_t{256} << 20;  ///< bytes to count more neurons at once, see tally_ngrams
};

/// Memory that take_ngram_census needs beside the layer, its n-grams and options.memory, in bytes, from above; the
/// n-grams that detectors fire at come on top.
inline std::uint64_t ngram_census_bytes(std::uint64_t tokens, std::uint64_t threads) {
  return tally_ngrams_bytes(tokens, threads);
}

namespace detail {

/// Fills in what is known of every neuron, and returns those that are detectors, ascending.
inline std::vector<std::uint32_t> tally_neurons(kept_layer const& layer, ngram_rows const& ngrams,
                                                ngram_options const& options, ngram_census& taken) {
  detector_rule const& rule = options.rule;
  taken.firings.resize(layer.neurons());
  taken.cover.resize(layer.neurons());
  std::vector<std::uint64_t> explained(layer.neurons());
  tally_ngrams(
      layer, ngrams, options.memory, [&](std::uint64_t occurrences) { return least_part(occurrences, rule.fires_on); },
      [&](std::uint32_t neuron, std::span<equal_counts const> counts, std::uint64_t reached) {
        taken.firings[neuron] = sum(counts);
        taken.cover[neuron] = static_cast<std::uint32_t>(cover(counts, rule.covered));
        explained[neuron] = reached;
      });
  std::vector<std::uint32_t> detecting;
  for (std::uint32_t n = 0; n < layer.neurons(); ++n)
    if (taken.cover[n] > 0 && taken.cover[n] <= rule.cover_at_most &&
        at_least(explained[n], taken.firings[n], rule.explained))
      detecting.push_back(n);
  return detecting;
}

/// Looks a second time at the detectors, for the n-grams that they detect, and which of these support them.
inline void list_detected(kept_layer const& layer, ngram_rows const& ngrams, std::span<std::uint32_t const> detecting,
                          ngram_options const& options, ngram_census& taken) {
  taken.repeat_rates.resize(detecting.size());
  for (std::uint32_t const n : detecting) taken.detectors.push_back({n, taken.cover[n], taken.firings[n], {}, true});
  list_ngrams(layer, ngrams, detecting, options.memory, [&](std::uint32_t neuron, std::span<key_firings const> fired) {
    auto const i = static_cast<std::size_t>(std::ranges::lower_bound(detecting, neuron) - detecting.begin());
    taken.repeat_rates[i] = repeat_rate_of(fired);
    auto& detected = taken.detectors[i].detected;
    for (key_firings const& one : fired)
      if (at_least(one.firings, one.occurrences, options.rule.fires_on)) detected.push_back(one);
    std::ranges::sort(detected, more_firings);
  });
  note_support(
      taken.detectors, fewest_that_support(options.rule.fires_on), [](std::uint32_t ngram) { return ngram; },
      [&](std::span<neuron_at_key const> asked) { return fired_in_two_documents(layer, ngrams, asked); });
}

}  // namespace detail

/// Takes the n-gram census of one layer, exactly, in memory that does not grow with the number of n-grams times
/// neurons: rows are summed n-gram by n-gram into counts of counts, and only detectors are looked at again for the
/// n-grams they detect. Throws std::invalid_argument where the n-grams are of another text than the layer's, bad_input
/// where firings lie in a file that cannot be read.
inline ngram_census take_ngram_census(kept_layer const& layer, ngram_rows const& ngrams, ngram_options const& options) {
  ngram_census taken;
  taken.n = ngrams.n(), taken.tokens = ngrams.tokens(), taken.distinct = ngrams.distinct();
  auto const detecting = detail::tally_neurons(layer, ngrams, options, taken);
  detail::list_detected(layer, ngrams, detecting, options, taken);
  taken.detected = detected_rows(taken.detectors);
  return taken;
}

/// The same by the paper's rule for that n.
inline ngram_census take_ngram_census(kept_layer const& layer, ngram_rows const& ngrams) {
  return take_ngram_census(layer, ngrams, {.rule = census_rules{}.detector(ngrams.n())});
}

}  // namespace census
