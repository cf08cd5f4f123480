// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/coverage.hpp>
#include <census/statistic/detected_sets.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/near_zero_counts.hpp>
#include <census/statistic/positional_type.hpp>
#include <census/statistic/verdict.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census {

/// How many of a layer's neurons detect n-grams of one n, alone and beside the layers below.
struct detector_summary {
  std::array<std::uint64_t, 6> covers{};  ///< neurons by cover: cover_histogram
  std::uint64_t detectors = 0;
  std::optional<std::uint64_t> supported;  ///< that rest on n-grams that say something (is_supported)
  std::uint64_t of_that_order = 0;         ///< that detect no shorter n-grams
  detected_counts detected;                ///< of all layers: summarise_layers
};

/// How many of a layer's neurons are positional, of which type. What is empty is not known.
struct positional_summary {
  struct typed {
    std::uint64_t all = 0, strong = 0, by_own_rate = 0;
  };
  struct estimated {
    std::uint64_t surely = 0, possibly = 0, surely_not = 0;
  };
  std::uint64_t plain = 0;                   ///< by the paper's rule
  std::optional<std::uint64_t> corrected;    ///< beyond chance; not known where too few sequences lie inside documents
  std::array<typed, 4> types{};              ///< of the corrected ones, by positional_type
  std::optional<std::uint64_t> confident;    ///< of the corrected ones; not known where halves cannot tell
  std::uint64_t cannot_reach = 0;            ///< of firing entropy above 0, and at most the paper's threshold
  std::optional<estimated> above_threshold;  ///< whether the estimate is above the paper's threshold

  typed const& of(positional_type type) const { return types[static_cast<std::size_t>(type)]; }
};

/// Verdicts on whether a layer's neurons detect tokens.
struct verdict_counts {
  std::uint64_t yes = 0, no = 0;
  std::uint64_t claims = 0;  ///< that were tested: of these the verdicts are
};

/// Neurons of which the weights alone prove something.
struct proof_counts {
  std::uint64_t dead = 0, always_on = 0;
};

/// Neurons that are alive, or dead, only by rounding.
struct rounding_counts {
  std::uint64_t could_be_dead = 0, could_be_alive = 0;
};

/// A layer in counts over its neurons: what a row of layers.csv tells of it. What is empty is not known.
struct layer_summary {
  std::uint64_t dead = 0;
  std::optional<detector_summary> tokens;        ///< none where the text tells no tokens
  std::vector<detector_summary> ngrams;          ///< of n = 2, 3, ...; likewise
  std::optional<verdict_counts> token_verdicts;  ///< on all its neurons, once they are judged
  std::optional<positional_summary> position;    ///< none without full sequences
  std::optional<proof_counts> proofs;            ///< from the weights alone
  std::optional<rounding_counts> near_zero;      ///< alive or dead only by rounding

  /// Of its detectors of one n: 0 for tokens, i for the i-th of its n-grams; null where the text tells no tokens.
  detector_summary const* detectors(std::size_t i) const {
    if (!tokens) return nullptr;
    return i == 0 ? &*tokens : &ngrams.at(i - 1);
  }
};

namespace detail {

inline std::uint64_t count_true(std::vector<bool> const& verdicts) {
  return static_cast<std::uint64_t>(std::ranges::count(verdicts, true));
}

/// Of one n; `orders` [neuron] are empty where no firings were kept, so that nothing is known of support. What needs
/// other layers stays zero.
inline detector_summary summarise_detectors(std::size_t n, std::span<std::uint32_t const> cover,
                                            std::span<detector const> detectors, std::span<std::uint32_t const> orders,
                                            detector_rule const& rule) {
  detector_summary summary;
  summary.covers = cover_histogram(cover);
  summary.detectors = detectors.size();
  if (!orders.empty() &&
      std::ranges::all_of(detectors, [](detector const& one) { return one.supported_firings.has_value(); }))
    summary.supported = static_cast<std::uint64_t>(std::ranges::count_if(
        detectors, [&](detector const& one) { return is_supported(one, rule.explained) == true; }));
  summary.of_that_order = static_cast<std::uint64_t>(std::ranges::count(orders, static_cast<std::uint32_t>(n)));
  return summary;
}

inline verdict_counts count_verdicts(token_census const& tokens) {
  auto const count = [&](verdict which) {
    return static_cast<std::uint64_t>(std::ranges::count(tokens.verdicts, which));
  };
  auto const unclaimed = std::ranges::count(tokens.claims, verdict::undecided, &tested_claim::verdict);
  return {count(verdict::yes), count(verdict::no), tokens.claims.size() - static_cast<std::uint64_t>(unclaimed)};
}

/// Counts by type the neurons that are positional beyond chance.
inline void count_types(position_census const& position, positional_summary& summary) {
  for (std::size_t n = 0; n < position.types.size(); ++n) {
    if (!position.positional_corrected[n] || !position.types[n]) continue;
    auto const [type, strong, by_own_rate] = *position.types[n];
    auto& counts = summary.types[static_cast<std::size_t>(type)];
    ++counts.all, counts.strong += strong;
    ++summary.types[static_cast<std::size_t>(by_own_rate)].by_own_rate;
    if (summary.confident) *summary.confident += position.confident[n];
  }
}

inline positional_summary summarise_positions(position_census const& position, double threshold) {
  positional_summary summary;
  summary.plain = count_true(position.positional);
  for (double const entropy : position.firing_entropy) summary.cannot_reach += entropy > 0 && entropy <= threshold;
  if (!position.above_threshold.empty()) {
    auto const count = [&](verdict one) {
      return static_cast<std::uint64_t>(std::ranges::count(position.above_threshold, std::optional(one)));
    };
    summary.above_threshold = {count(verdict::yes), count(verdict::undecided), count(verdict::no)};
  }
  if (position.positional_corrected.empty()) return summary;
  summary.corrected = count_true(position.positional_corrected);
  if (!position.confident.empty()) summary.confident = 0;
  count_types(position, summary);
  return summary;
}

/// Sets detected_counts of one n in all layers, where it is known: `sets` [layer] are the keys that each detects,
/// ascending; `of(summary)` is where those of a layer go.
template <class Key, class SummaryOf>
void summarise_detected(std::vector<std::vector<Key>> const& sets, std::span<layer_summary> summaries,
                        SummaryOf const& of) {
  auto const counts = detected_across_layers(sets);
  for (std::size_t layer = 0; layer < counts.size(); ++layer)
    if (summaries[layer].tokens) of(summaries[layer]).detected = counts[layer];
}

}  // namespace detail

/// The summary of one layer by itself, taken by these rules: what it detects is not compared with other layers.
inline layer_summary summarise_layer(layer_census const& layer, census_rules const& rules = {}) {
  layer_summary summary;
  summary.dead = static_cast<std::uint64_t>(std::ranges::count(layer.liveness.firings, 0u));
  token_census const& tokens = layer.tokens;
  if (!tokens.cover.empty()) {
    summary.tokens =
        detail::summarise_detectors(1, tokens.cover, tokens.detectors, layer.detector_order, rules.token_detector);
    for (ngram_census const& ngrams : layer.ngrams)
      summary.ngrams.push_back(detail::summarise_detectors(ngrams.n, ngrams.cover, ngrams.detectors,
                                                           layer.detector_order, rules.detector(ngrams.n)));
  }
  if (!tokens.verdicts.empty()) summary.token_verdicts = detail::count_verdicts(tokens);
  if (!layer.position.positional.empty())
    summary.position = detail::summarise_positions(layer.position, rules.positional_above);
  if (auto const& proven = layer.pre_activations) {
    summary.proofs = {detail::count_true(proven->provably_dead), detail::count_true(proven->always_on)};
    if (!proven->near_zero.empty()) summary.near_zero.emplace();
    for (near_zero_counts const& neuron : proven->near_zero) {
      summary.near_zero->could_be_dead += neuron.could_be_dead();
      summary.near_zero->could_be_alive += neuron.could_be_alive();
    }
  }
  return summary;
}

/// The summaries of a model's layers, in order, with what each detects that those below it do not (figure 4). All have
/// the same n-grams.
inline std::vector<layer_summary> summarise_layers(std::span<layer_census const> layers,
                                                   census_rules const& rules = {}) {
  std::vector<layer_summary> summaries;
  std::vector<std::vector<token_id>> tokens;
  for (layer_census const& layer : layers) {
    summaries.push_back(summarise_layer(layer, rules));
    tokens.push_back(layer.tokens.detected);
  }
  detail::summarise_detected(
      tokens, summaries, [](layer_summary & one) -> auto& { return *one.tokens; });
  for (std::size_t i = 0; !layers.empty() && i < layers.front().ngrams.size(); ++i) {
    std::vector<std::vector<std::uint32_t>> ngrams;
    for (layer_census const& layer : layers) ngrams.push_back(layer.ngrams.at(i).detected);
    detail::summarise_detected(
        ngrams, summaries, [i](layer_summary & one) -> auto& { return one.ngrams[i]; });
  }
  return summaries;
}

}  // namespace census
