// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/statistic/position_code.hpp>
#include <census/statistic/positional_types.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/tabulation/firing_table.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace census {

/// What position tells of a layer's neurons (paper, section 5), over full sequences. All of it is empty without them,
/// and where they are of one token. Information is between firing and position, in nats.
struct position_census {
  std::uint64_t full_sequences = 0;
  std::vector<double> mutual_information;            ///< [neuron]: the paper's formula, over all positions
  std::vector<double> mutual_information_corrected;  ///< [neuron]: over positions from 1, less that under permutation
  std::uint64_t full_sequences_inside = 0;           ///< that do not begin a document,
  std::vector<double> mutual_information_inside;     ///< and the corrected one over these [neuron]
  std::vector<double> decoy_w;                       ///< [neuron]: W = I - I of the decoy, over positions from 1

  std::vector<bool> positional;  ///< [neuron]: by the paper's rule
  /// Beyond chance [neuron]: corrected information and W both at their thresholds. That of W is one for all layers:
  /// judge_positional sets it, and until then the verdict is that of the information alone.
  std::vector<bool> positional_corrected;
  std::optional<double> decoy_threshold;  ///< of W; infinite where no neuron can reach it

  std::vector<std::optional<typed_neuron>> types;  ///< [neuron]: of those positional by either rule
  /// [neuron]: the same type in each part of the text; empty where no firings were kept or a half of the text is too
  /// small (can_confirm, fewest_to_tell_types).
  std::vector<bool> confident;
  position_code team;  ///< the strong oscillatory neurons by corrected information
};

/// A layer's strong oscillatory neurons among those positional beyond chance, ascending.
inline std::vector<std::uint32_t> strong_oscillatory(position_census const& position) {
  std::vector<std::uint32_t> neurons;
  for (std::uint32_t n = 0; n < position.types.size(); ++n)
    if (auto const& type = position.types[n];
        position.positional_corrected[n] && type && type->strong && type->type == positional_type::oscillatory)
      neurons.push_back(n);
  return neurons;
}

/// From a layer's table by position (key::position), by its decoy (key::decoy_position), and by position over the full
/// sequences that do not begin a document; the last may have no rows. Throws std::invalid_argument where table and
/// decoy cannot be of the same sequences.
inline position_census take_position_census(firing_table<std::uint32_t> const& by_position,
                                            firing_table<std::uint32_t> const& by_decoy,
                                            firing_table<std::uint32_t> const& inside, census_rules const& rules = {}) {
  position_census taken;
  if (by_position.rows() == 0 || by_position.keys.back() == 0) return taken;
  taken.full_sequences = by_position.occurrences(0);
  taken.mutual_information = mutual_information(by_position);
  for (positional_evidence const& evidence : positional_evidence_of(by_position, by_decoy)) {
    taken.mutual_information_corrected.push_back(evidence.corrected);
    taken.decoy_w.push_back(evidence.w);
  }
  if (inside.rows() > 0) {
    taken.full_sequences_inside = inside.occurrences(0);
    taken.mutual_information_inside = corrected_mutual_information(without_position_0(inside));
  }

  std::vector<bool> by_either;
  for (std::size_t n = 0; n < taken.mutual_information.size(); ++n) {
    taken.positional.push_back(taken.mutual_information[n] > rules.positional_above);
    taken.positional_corrected.push_back(taken.mutual_information_corrected[n] > rules.positional.above);
    by_either.push_back(taken.positional[n] || taken.positional_corrected[n]);
  }
  taken.types = positional_types(by_position, by_either, rules.positional_type);
  taken.team = position_code_of(by_position, strong_oscillatory(taken), rules.positional_type);
  return taken;
}

}  // namespace census
