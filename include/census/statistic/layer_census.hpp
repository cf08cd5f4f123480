// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/liveness_census.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/pre_activation_census.hpp>
#include <census/statistic/rounding_error.hpp>
#include <census/statistic/token_census.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// The statistics of one layer: small, whatever the size of the tables they come from. Each part is taken from its own
/// tables by a function of its own (take_liveness_census, take_token_census ...); a part that is empty is not known.
struct layer_census {
  std::uint32_t layer = 0;
  liveness_census liveness = {};
  token_census tokens = {};
  std::vector<ngram_census> ngrams = {};           ///< of n = 2, 3, ...
  std::vector<std::uint32_t> detector_order = {};  ///< [neuron]: the least n, 0 where it is no detector of any
  position_census position = {};
  std::optional<pre_activation_census> pre_activations = {};
  std::optional<rounding_error> rounding = {};  ///< of a sample of the text: measure_rounding

  /// Whether every figure by neuron is of as many neurons, or not known, every detector one of them, and every figure
  /// by detector of as many detectors.
  bool is_of_one_layer() const {
    auto const fits = [&](auto const&... figures) { return ((figures.empty() || figures.size() == neurons()) && ...); };
    auto const are_neurons = [&](std::vector<detector> const& all) {
      return std::ranges::all_of(all, [&](detector const& one) { return one.neuron < neurons(); });
    };
    bool fit = fits(tokens.firings, tokens.cover, tokens.repeat_rates, tokens.claims, tokens.verdicts, detector_order,
                    position.mutual_information, position.mutual_information_corrected, position.decoy_w,
                    position.firing_entropy, position.mutual_information_inside, position.decoy_w_inside,
                    position.estimate.of_neuron, position.positional, position.positional_corrected,
                    position.above_threshold, position.types, position.confident) &&
               are_neurons(tokens.detectors);
    for (ngram_census const& one : ngrams)
      fit = fit && fits(one.firings, one.cover) && are_neurons(one.detectors) &&
            one.repeat_rates.size() == one.detectors.size();
    for (auto const& member : position.team.members) fit = fit && member.neuron < neurons();
    if (auto const& proven = pre_activations)
      fit = fit && fits(proven->demanded_cosine, proven->provably_dead, proven->always_on, proven->largest_cosine,
                        proven->near_zero);
    return fit;
  }

  std::size_t neurons() const { return liveness.firings.size(); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("layer", layer)("liveness", liveness)("tokens", tokens)("ngrams", ngrams);
    archive("detector_order", detector_order)("position", position)("pre_activations", pre_activations);
    archive("rounding", rounding);
    if (Archive::is_reading && !is_of_one_layer())
      throw std::invalid_argument("census::layer_census: figures that are not of as many neurons as layer " +
                                  std::to_string(layer) + " has");
  }
};

}  // namespace census
