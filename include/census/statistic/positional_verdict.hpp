// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/mutual_information.hpp>
#include <census/statistic/ratio.hpp>
#include <census/tabulation/firing_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// When a neuron is positional beyond chance.
struct positional_rule {
  double above = 0.05;             ///< nats: the paper's threshold, here on I - I0
  ratio false_discoveries{1, 20};  ///< expected share of chance among those called positional, at most
  /// Of full sequences that do not begin a document: with fewer than this nothing is decided, for in fewer than 10 the
  /// information of a neuron that ignores position, 1/(2S), is above the threshold by itself;
  std::uint64_t fewest_inside = 10;
  std::uint64_t enough_inside = 50;  ///< so many decide alone
};

/// Which full sequences decide what is positional. Where a document begins, titles and licences make its content
/// depend on position, which no decoy tells from a neuron that knows position: only what is seen inside documents as
/// well counts.
enum class deciding_sequences : std::uint8_t { none, all_and_inside, inside };

/// By how many full sequences there are inside documents.
inline deciding_sequences what_decides(std::uint64_t inside, positional_rule const& rule = {}) {
  if (inside < rule.fewest_inside) return deciding_sequences::none;
  return inside < rule.enough_inside ? deciding_sequences::all_and_inside : deciding_sequences::inside;
}

/// What speaks for a neuron's being positional, in nats, over the positions >= 1 of full-length sequences.
struct positional_evidence {
  double information = 0;  ///< I, the paper's formula
  double corrected = 0;    ///< I - I0, I0 its exact expectation under permutation
  double w = 0;  ///< W = I - I of the decoy table; as likely positive as negative for a neuron that ignores position
};

/// I - I of the decoy, 0 where the two differ by no more than rounding: a neuron that fired once has the same
/// information wherever it fired, and rounding is no evidence. Both are sums of some thousand terms: 2^-40 of them and
/// 2^-49 nats are far above what rounding makes of that, and far below what one firing elsewhere does.
inline double beyond_rounding(double information, double of_decoy) {
  double const w = information - of_decoy;
  return std::abs(w) <= 0x1p-40 * std::max(information, of_decoy) + 0x1p-49 ? 0.0 : w;
}

/// The table without position 0, where the BOS token stands.
inline firing_table<std::uint32_t> without_position_0(firing_table<std::uint32_t> const& by_position) {
  return leave_out(by_position, [](std::uint32_t position) { return position == 0; });
}

/// Whether a table by position and one by its decoy can be of the same sequences: the same positions from 1 on, as many
/// tokens, as many firings of each neuron.
inline bool of_same_sequences(firing_table<std::uint32_t> const& by_position,
                              firing_table<std::uint32_t> const& by_decoy) {
  auto const real = without_position_0(by_position);
  return real.keys == by_decoy.keys && tokens(real) == tokens(by_decoy) && firings(real) == firings(by_decoy);
}

/// The evidence [neuron] from a table by key::position and one of the same sequences by key::decoy_position. Throws
/// std::invalid_argument where the two cannot be of the same sequences. Empty where they count no position from 1 on.
inline std::vector<positional_evidence> positional_evidence_of(firing_table<std::uint32_t> const& by_position,
                                                               firing_table<std::uint32_t> const& by_decoy) {
  auto const real = without_position_0(by_position);
  if (!of_same_sequences(by_position, by_decoy))
    throw std::invalid_argument("census::positional_evidence_of: the table by position and the decoy are not of the "
                                "same sequences: " +
                                std::to_string(tokens(real)) + " tokens of " + std::to_string(real.neurons()) +
                                " neurons here, " + std::to_string(tokens(by_decoy)) + " of " +
                                std::to_string(by_decoy.neurons()) + " there, from position 1 on");
  auto const information = mutual_information(real), corrected = corrected_mutual_information(real),
             chance = mutual_information(by_decoy);
  std::vector<positional_evidence> evidence(information.size());
  for (std::size_t n = 0; n < evidence.size(); ++n)
    evidence[n] = {information[n], corrected[n], beyond_rounding(information[n], chance[n])};
  return evidence;
}

/// Whether a neuron has W >= threshold and I - I0 above the rule's.
inline bool is_positional(positional_evidence const& of_neuron, double threshold, positional_rule const& rule = {}) {
  return of_neuron.corrected > rule.above && of_neuron.w >= threshold;
}

/// The least t > 0 with (1 + #{W <= -t}) / max(1, #{W >= t}) at most `false_discoveries`: among the neurons with W >= t
/// the expected share of those that ignore position is at most that. Infinity where there is none, so always with
/// fewer than 1 / false_discoveries neurons. That is so for neurons that err independently; many that fire together err
/// together, and the share may be several times as large (docs/chance.md). Source: Barber and Candes 2015, "knockoff+".
inline double decoy_threshold(std::span<double const> w, ratio false_discoveries = {1, 20}) {
  struct magnitude {
    double size;
    bool positive;
  };
  std::vector<magnitude> seen;
  for (double const each : w)
    if (each != 0) seen.push_back({std::abs(each), each > 0});
  std::ranges::sort(seen, [](magnitude const& a, magnitude const& b) { return a.size > b.size; });
  ratio const inverse{false_discoveries.denominator, false_discoveries.numerator};
  double threshold = std::numeric_limits<double>::infinity();
  std::uint64_t positive = 0, negative = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    ++(seen[i].positive ? positive : negative);
    if (i + 1 < seen.size() && seen[i + 1].size == seen[i].size) continue;  // ties are counted together
    if (at_least(std::max<std::uint64_t>(1, positive), 1 + negative, inverse)) threshold = seen[i].size;
  }
  return threshold;
}

}  // namespace census
