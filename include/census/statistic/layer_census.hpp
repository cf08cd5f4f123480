// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/coverage.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/statistic/near_zero_counts.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/statistic/position_code.hpp>
#include <census/statistic/positional_types.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/statistic/unseen_estimate.hpp>
#include <census/statistic/verdict.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// What counts as what; the defaults are the paper's, and those of docs/results.md where it is silent.
struct census_rules {
  detector_rule token_detector;
  double positional_above = 0.05;  ///< nats: the paper's plain rule
  positional_rule positional;      ///< the corrected one
  positional_type_rule positional_type;
};

/// What a layer's weights prove of its neurons and how near their pre-activations came to zero, [neuron].
struct pre_activation_census {
  std::vector<double> demanded_cosine;  ///< kappa: from 1 on dead for every input, below -1 always on
  std::vector<bool> provably_dead, always_on;
  std::vector<double> largest_cosine;       ///< the largest seen; empty where pre-activations were not kept
  std::vector<near_zero_counts> near_zero;  ///< likewise
};

/// The statistics of one layer: small, whatever the size of the tables they come from. What is empty is not known.
struct layer_census {
  std::uint32_t layer = 0;
  std::uint64_t tokens = 0;          ///< BOS included
  std::uint64_t full_sequences = 0;  ///< that count for position

  double dead_share = 0;
  std::optional<double> mean_frequency_alive;
  std::vector<std::uint64_t> firings;              ///< [neuron], BOS included
  std::vector<std::uint64_t> firings_without_bos;  ///< [neuron]
  std::optional<unseen_estimate> unseen;
  std::vector<dead_share_point> dead_shares;  ///< against text

  std::vector<std::uint32_t> cover;                      ///< by tokens [neuron], 0 where it never fired at one
  std::vector<std::optional<double>> token_repeat_rate;  ///< [neuron]
  std::vector<detector> token_detectors;                 ///< their rows are rows of `token_keys`
  std::vector<verdict> token_verdicts;                   ///< [token detector]
  std::vector<token_id> token_keys;                      ///< the tokens that occurred, ascending
  std::vector<token_id> detected_tokens;                 ///< D(l), ascending
  std::vector<ngram_census> ngrams;                      ///< of n = 2, 3, ...
  std::vector<std::uint32_t> detector_order;             ///< [neuron]: the least n, 0 where it is no detector

  /// Between firing and position, in nats [neuron]; empty without full sequences. The plain one is the paper's, over
  /// all positions; the corrected one leaves out position 0 and subtracts the expectation under permutation.
  std::vector<double> mutual_information, mutual_information_corrected;
  /// The corrected one of full sequences that do not begin a document, where there are such.
  std::vector<double> mutual_information_inside;
  std::uint64_t full_sequences_inside = 0;
  std::vector<double> decoy_w;   ///< W = I - I of the decoy, over positions from 1, in nats [neuron]
  std::vector<bool> positional;  ///< [neuron]: by the paper's rule
  /// Beyond chance [neuron]: I - I0 and W both at their thresholds. That of W is one for all layers: judge_positional
  /// sets it, and until then the verdict is that of I - I0 alone.
  std::vector<bool> positional_corrected;
  double decoy_threshold = 0;
  std::vector<std::optional<typed_neuron>> positional_type;  ///< [neuron]: of those positional by either rule
  std::vector<bool> positional_confident;                    ///< [neuron]: the same type in each part of the text
  position_code team;                                        ///< the strong oscillatory neurons by I - I0

  std::optional<pre_activation_census> pre_activations;

  std::size_t neurons() const { return firings.size(); }
};

/// Takes the census of one layer from its tables: everything (key::nothing), by token (key::token), by position
/// (key::position), by the decoy of position (key::decoy_position). What needs the firings themselves stays empty.
inline layer_census take_census(std::uint32_t layer, firing_table<std::monostate> const& everything,
                                firing_table<token_id> const& by_token, firing_table<std::uint32_t> const& by_position,
                                firing_table<std::uint32_t> const& by_decoy, census_rules const& rules = {}) {
  layer_census taken;
  taken.layer = layer;
  taken.tokens = tokens(everything);
  taken.dead_share = dead_share(everything);
  taken.mean_frequency_alive = mean_frequency_alive(everything);
  taken.firings = firings(everything);
  taken.firings_without_bos = firings(by_token);

  taken.cover = covers(by_token, rules.token_detector.covered);
  taken.token_repeat_rate = repeat_rates(by_token);
  taken.token_detectors = detectors(by_token, rules.token_detector);
  taken.token_keys = by_token.keys;
  for (std::uint32_t const row : detected_rows(taken.token_detectors))
    taken.detected_tokens.push_back(by_token.keys[row]);

  if (by_position.rows() == 0) return taken;
  taken.full_sequences = by_position.occurrences(0);
  taken.mutual_information = mutual_information(by_position);
  for (auto const& evidence : positional_evidence_of(by_position, by_decoy)) {
    taken.mutual_information_corrected.push_back(evidence.corrected);
    taken.decoy_w.push_back(evidence.w);
  }
  std::vector<bool> by_either;
  for (std::size_t n = 0; n < taken.neurons(); ++n) {
    taken.positional.push_back(taken.mutual_information[n] > rules.positional_above);
    taken.positional_corrected.push_back(taken.mutual_information_corrected[n] > rules.positional.above);
    by_either.push_back(taken.positional[n] || taken.positional_corrected[n]);
  }
  taken.positional_type = positional_types(by_position, by_either, rules.positional_type);
  std::vector<std::uint32_t> oscillatory;
  for (std::uint32_t n = 0; n < taken.neurons(); ++n)
    if (auto const& type = taken.positional_type[n];
        taken.positional_corrected[n] && type && type->strong && type->type == positional_type::oscillatory)
      oscillatory.push_back(n);
  taken.team = position_code_of(by_position, oscillatory, rules.positional_type);
  return taken;
}

/// Decides what is positional beyond chance, once all layers are there: the threshold of W is taken over all of their
/// neurons together, for layers with few positional ones would have none of their own (docs/decisions/0007).
inline void judge_positional(std::span<layer_census> layers, census_rules const& rules = {}) {
  std::vector<double> w;
  for (layer_census const& layer : layers) w.insert(w.end(), layer.decoy_w.begin(), layer.decoy_w.end());
  double const threshold = decoy_threshold(w, rules.positional.false_discoveries);
  for (layer_census& layer : layers) {
    layer.decoy_threshold = threshold;
    for (std::size_t n = 0; n < layer.decoy_w.size(); ++n) {
      layer.positional_corrected[n] = is_positional(
          {.corrected = layer.mutual_information_corrected[n], .w = layer.decoy_w[n]}, threshold, rules.positional);
      if (!layer.positional[n] && !layer.positional_corrected[n]) layer.positional_type[n].reset();
    }
  }
}

}  // namespace census
