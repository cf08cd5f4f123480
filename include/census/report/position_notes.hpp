// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <cstdint>
#include <ostream>
#include <span>

namespace census {

namespace detail {

/// Why it is not known what is positional beyond chance.
inline void tell_why_not_judged(std::ostream& out, position_census const& position, positional_rule const& rule) {
  if (is_of_positions_alone(position)) {
    out << "  not judged: counts alone tell neither a decoy nor which of the " << position.full_sequences
        << " full sequences begin documents\n";
    return;
  }
  out << "  not judged: " << position.full_sequences_inside << " of " << position.full_sequences
      << " full sequences lie inside documents, where " << rule.fewest_inside
      << " are needed; the others begin documents, where titles and licences make content depend on position. Longer "
         "documents or a shorter context give more\n";
}

/// What the estimates say of all layers together, or why there are none.
inline void tell_estimates(std::ostream& out, position_estimate const& estimate,
                           positional_summary::estimated const& counts) {
  if (!estimate.of_neuron.empty())
    out << "  above 0.05 nats, 5 % error for all neurons together: surely " << counts.surely << ", possibly "
        << counts.possibly << ", the others not\n";
  else if (estimate.groups > 0)
    out << "  no intervals: the full sequences inside documents are of as few documents as " << estimate.groups
        << " of equal size, where " << estimate_rule{}.fewest_groups << " are needed\n";
}

}  // namespace detail

/// What people are to know before they read the counts of positional neurons: how many of them are sure, how many
/// neurons could be none whatever they do, and where there is no verdict, why. Nothing without full sequences.
/// `summaries` are those of the layers (summarise_layers).
inline void print_position_notes(std::ostream& out, std::span<layer_census const> layers,
                                 std::span<layer_summary const> summaries, census_rules const& rules = {}) {
  if (layers.empty() || !summaries.front().position) return;
  std::uint64_t alive = 0, cannot_reach = 0;
  positional_summary::estimated counts;
  for (layer_summary const& layer : summaries) {
    positional_summary const& position = *layer.position;
    cannot_reach += position.cannot_reach;
    auto const& above = position.above_threshold.value_or(positional_summary::estimated{});
    counts.surely += above.surely, counts.possibly += above.possibly;
  }
  for (layer_census const& layer : layers)
    for (double const entropy : layer.position.firing_entropy) alive += entropy > 0;

  position_census const& first = layers.front().position;
  out << "\nPosition:\n";
  if (first.positional_corrected.empty()) detail::tell_why_not_judged(out, first, rules.positional);
  detail::tell_estimates(out, first.estimate, counts);
  if (cannot_reach > 0)
    out << "  " << cannot_reach << " of " << alive
        << " neurons that fire at some but not all of these tokens fire, or are silent, at fewer than 0.87 % of them: "
           "too rarely for 0.05 nats, whatever they do\n";
}

}  // namespace census
