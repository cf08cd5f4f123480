// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/positional_verdict.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace census {

/// Decides what is positional beyond chance, once all layers are there: the threshold of W is taken over all of their
/// neurons together, for layers with few positional ones would have none of their own (docs/decisions/0007). A neuron
/// that is positional by neither rule then has no type. Judging twice changes nothing.
inline void judge_positional(std::span<layer_census> layers, census_rules const& rules = {}) {
  std::vector<double> w;
  for (layer_census const& layer : layers)
    w.insert(w.end(), layer.position.decoy_w.begin(), layer.position.decoy_w.end());
  double const threshold = decoy_threshold(w, rules.positional.false_discoveries);
  for (layer_census& layer : layers) {
    position_census& position = layer.position;
    position.decoy_threshold = threshold;
    for (std::size_t n = 0; n < position.decoy_w.size(); ++n) {
      position.positional_corrected[n] =
          is_positional({.corrected = position.mutual_information_corrected[n], .w = position.decoy_w[n]}, threshold,
                        rules.positional);
      if (!position.positional[n] && !position.positional_corrected[n]) position.types[n].reset();
    }
  }
}

}  // namespace census
