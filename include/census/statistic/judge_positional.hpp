// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/holm.hpp>
#include <census/statistic/jackknife.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/statistic/verdict.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace census {

namespace detail {

/// W [neuron] of the sequences that decide; empty where none can.
inline std::vector<double> const& deciding_w(position_census const& position, positional_rule const& rule) {
  static std::vector<double> const unknown;
  switch (what_decides(position.full_sequences_inside, rule)) {
  case deciding_sequences::none:
    return unknown;
  case deciding_sequences::all_and_inside:
    return position.decoy_w;
  default:
    return position.decoy_w_inside;
  }
}

/// Sets what is positional beyond chance, by the threshold that all layers' W have in common.
inline void judge_by_decoy(std::span<layer_census> layers, positional_rule const& rule) {
  std::vector<double> all;
  for (layer_census const& layer : layers) {
    auto const& w = deciding_w(layer.position, rule);
    all.insert(all.end(), w.begin(), w.end());
  }
  double const threshold = decoy_threshold(all, rule.false_discoveries);
  for (layer_census& layer : layers) {
    position_census& position = layer.position;
    position.decoy_threshold = threshold;
    position.positional_corrected = informative(position, rule);
    auto const& w = deciding_w(position, rule);
    for (std::size_t n = 0; n < position.positional_corrected.size(); ++n)
      if (w[n] < threshold) position.positional_corrected[n] = false;
  }
}

/// Sets for each estimate whether it is surely above the threshold, surely not, or possibly: 5 % for all together.
inline void judge_estimates(std::span<layer_census> layers, census_rules const& rules) {
  std::vector<double> p;
  for (layer_census const& layer : layers)
    for (jackknife_estimate const& one : layer.position.estimate.of_neuron)
      p.push_back(std::isnan(one.value) ? one.value
                                        : student_p(one, layer.position.estimate.groups, rules.positional_above));
  auto const decided = holm_rejections(p);
  for (std::size_t i = 0; layer_census & layer : layers) {
    position_census& position = layer.position;
    position.above_threshold.assign(position.estimate.of_neuron.size(), std::nullopt);
    for (std::size_t n = 0; n < position.above_threshold.size(); ++n, ++i) {
      double const value = position.estimate.of_neuron[n].value;
      if (std::isnan(value)) continue;
      position.above_threshold[n] = !decided[i]                      ? verdict::undecided
                                    : value > rules.positional_above ? verdict::yes
                                                                     : verdict::no;
    }
  }
}

}  // namespace detail

/// Decides what is positional, once all layers are there: beyond chance by W, whose threshold is taken over all of
/// their neurons together, for layers with few positional ones would have none of their own (docs/decisions/0007); and
/// above the paper's threshold by the estimates, with 5 % error for all of their neurons together (Holm). A neuron that
/// is positional by neither rule then has no type, for good: so call it once, with all layers. The same again, with the
/// same layers and rules, changes nothing; after other layers or stricter rules, types are missing.
inline void judge_positional(std::span<layer_census> layers, census_rules const& rules = {}) {
  detail::judge_by_decoy(layers, rules.positional);
  detail::judge_estimates(layers, rules);
  for (layer_census& layer : layers) {
    position_census& position = layer.position;
    for (std::size_t n = 0; n < position.types.size(); ++n) {
      bool const beyond_chance = !position.positional_corrected.empty() && position.positional_corrected[n];
      if (!position.positional[n] && !beyond_chance) position.types[n].reset();
    }
  }
}

}  // namespace census
