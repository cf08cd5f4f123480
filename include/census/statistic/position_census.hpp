// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/statistic/position_code.hpp>
#include <census/statistic/position_estimate.hpp>
#include <census/statistic/positional_types.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/statistic/verdict.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/regroup.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace census {

/// The key of what a position_census is taken from: whether the sequence begins its document, and the position.
using position_in_document = std::tuple<bool, std::uint32_t>;

/// What position tells of a layer's neurons (paper, section 5), over full sequences. All of it is empty without them,
/// and where they are of one token. Information is between firing and position, in nats.
struct position_census {
  std::uint64_t full_sequences = 0;
  std::vector<double> mutual_information;            ///< [neuron]: the paper's formula, over all positions
  std::vector<double> mutual_information_corrected;  ///< [neuron]: over positions from 1, less that under permutation
  std::vector<double> decoy_w;                       ///< [neuron]: W = I - I of the decoy, over positions from 1
  std::vector<double> firing_entropy;  ///< [neuron]: H(f) over positions from 1, which no information can exceed

  std::uint64_t full_sequences_inside = 0;        ///< that do not begin a document, and over these
  std::vector<double> mutual_information_inside;  ///< [neuron]: the corrected one
  std::vector<double> decoy_w_inside;             ///< [neuron]: W
  position_estimate estimate;  ///< with its uncertainty; empty where no firings were kept or documents are too few

  std::vector<bool> positional;  ///< [neuron]: by the paper's rule
  /// Beyond chance [neuron]: corrected information and W both at their thresholds, in the sequences that decide
  /// (what_decides); empty where none can. The threshold of W is one for all layers: judge_positional sets it, and
  /// until then the verdict is that of the information alone.
  std::vector<bool> positional_corrected;
  std::optional<double> decoy_threshold;  ///< of W; infinite where no neuron can reach it
  /// Whether the estimate is above the paper's threshold, for all neurons of the model together [neuron]; none for
  /// those without an estimate. judge_positional sets it.
  std::vector<std::optional<verdict>> above_threshold;

  std::vector<std::optional<typed_neuron>> types;  ///< [neuron]: of those positional by either rule
  /// [neuron]: the same type in each part of the text; empty where no firings were kept or a half of the text is too
  /// small (can_confirm, fewest_to_tell_types).
  std::vector<bool> confident;
  position_code team;  ///< the strong oscillatory neurons among those positional by information alone

  template <class Archive>
  void serialize(Archive& archive) {
    archive("full_sequences", full_sequences)("mutual_information", mutual_information);
    archive("mutual_information_corrected", mutual_information_corrected)("decoy_w", decoy_w);
    archive("firing_entropy", firing_entropy)("full_sequences_inside", full_sequences_inside);
    archive("mutual_information_inside", mutual_information_inside)("decoy_w_inside", decoy_w_inside);
    archive("estimate", estimate)("positional", positional)("positional_corrected", positional_corrected);
    archive("decoy_threshold", decoy_threshold)("above_threshold", above_threshold)("types", types);
    archive("confident", confident)("team", team);
  }
};

/// Whether a census is of a table by position alone, as it is stored beside a census: that tells no decoy, nor which
/// sequences begin documents, so that what is known of the sequences inside is nothing, not that there are none.
inline bool is_of_positions_alone(position_census const& position) {
  return position.full_sequences > 0 && position.decoy_w.empty();
}

/// A layer's strong oscillatory neurons among those positional beyond chance, ascending; none where that is not known.
inline std::vector<std::uint32_t> strong_oscillatory(position_census const& position) {
  std::vector<std::uint32_t> neurons;
  for (std::uint32_t n = 0; n < position.positional_corrected.size(); ++n)
    if (auto const& type = position.types[n];
        position.positional_corrected[n] && type && type->strong && type->type == positional_type::oscillatory)
      neurons.push_back(n);
  return neurons;
}

/// The table by position out of one that tells sequences that begin documents apart.
inline firing_table<std::uint32_t> by_position(firing_table<position_in_document> const& table) {
  return regroup(table, [](position_in_document const& key) { return std::get<1>(key); });
}

/// The same of the sequences that do not begin a document.
inline firing_table<std::uint32_t> by_position_inside(firing_table<position_in_document> const& table) {
  return regroup(table, [](position_in_document const& key) -> std::optional<std::uint32_t> {
    auto const [begins_document, position] = key;
    if (begins_document) return std::nullopt;
    return position;
  });
}

/// The entropy of firing at all [neuron], H(f) in nats for f = firings / tokens of the table.
inline std::vector<double> firing_entropies(firing_counts const& table) {
  auto entropies = frequencies(table);
  for (double& f : entropies) f = f <= 0 || f >= 1 ? 0.0 : -f * std::log(f) - (1 - f) * std::log(1 - f);
  return entropies;
}

/// Whether the corrected information of the sequences that decide is above the rule's [neuron]; empty where none can.
inline std::vector<bool> informative(position_census const& position, positional_rule const& rule) {
  auto const deciding = what_decides(position.full_sequences_inside, rule);
  std::vector<bool> above;
  if (deciding == deciding_sequences::none) return above;
  for (std::size_t n = 0; n < position.mutual_information_inside.size(); ++n)
    above.push_back(position.mutual_information_inside[n] > rule.above &&
                    (deciding == deciding_sequences::inside || position.mutual_information_corrected[n] > rule.above));
  return above;
}

namespace detail {

/// What the paper tells of position, from a layer's table by it: all that needs neither a decoy nor to know where
/// documents begin. Empty without positions from 1 on.
inline position_census plain_position_census(firing_table<std::uint32_t> const& all, census_rules const& rules) {
  position_census taken;
  if (all.rows() == 0 || all.keys.back() == 0) return taken;
  taken.full_sequences = all.occurrences(0);
  taken.mutual_information = mutual_information(all);
  taken.firing_entropy = firing_entropies(without_position_0(all));
  for (double const information : taken.mutual_information)
    taken.positional.push_back(information > rules.positional_above);
  return taken;
}

}  // namespace detail

/// From a layer's table by position alone, as it is stored beside a census: the paper's rule, and information less its
/// expectation. What is held against a decoy, or is of the sequences inside documents, stays empty.
inline position_census take_position_census(firing_table<std::uint32_t> const& by_position,
                                            census_rules const& rules = {}) {
  auto taken = detail::plain_position_census(by_position, rules);
  if (taken.full_sequences == 0) return taken;
  taken.mutual_information_corrected = corrected_mutual_information(without_position_0(by_position));
  taken.types = positional_types(by_position, taken.positional, rules.positional_type);
  return taken;
}

/// From a layer's tables by position and by its decoy (key::tuple of key::begins_document and key::position, or
/// key::decoy_position). Throws std::invalid_argument where the two cannot be of the same sequences.
inline position_census take_position_census(firing_table<position_in_document> const& positions,
                                            firing_table<position_in_document> const& decoys,
                                            census_rules const& rules = {}) {
  auto const all = by_position(positions), inside = by_position_inside(positions);
  auto taken = detail::plain_position_census(all, rules);
  if (taken.full_sequences == 0) return taken;
  for (positional_evidence const& evidence : positional_evidence_of(all, by_position(decoys))) {
    taken.mutual_information_corrected.push_back(evidence.corrected);
    taken.decoy_w.push_back(evidence.w);
  }
  if (inside.rows() > 0) {
    taken.full_sequences_inside = inside.occurrences(0);
    for (positional_evidence const& evidence : positional_evidence_of(inside, by_position_inside(decoys))) {
      taken.mutual_information_inside.push_back(evidence.corrected);
      taken.decoy_w_inside.push_back(evidence.w);
    }
  }

  taken.positional_corrected = informative(taken, rules.positional);
  std::vector<bool> by_either = taken.positional;
  for (std::size_t n = 0; n < taken.positional_corrected.size(); ++n)
    if (taken.positional_corrected[n]) by_either[n] = true;
  taken.types = positional_types(all, by_either, rules.positional_type);
  taken.team = position_code_of(all, strong_oscillatory(taken), rules.positional_type);
  return taken;
}

}  // namespace census
