// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/coverage.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// What counts as what; the defaults are the paper's.
struct census_rules {
  detector_rule token_detector;
  double positional_above = 0.05;  ///< nats
};

/// The statistics of one layer: small, whatever the size of the tables they come from.
struct layer_census {
  std::uint32_t layer = 0;
  std::uint64_t tokens = 0;          ///< BOS included
  std::uint64_t full_sequences = 0;  ///< that count for position
  double dead_share = 0;
  std::optional<double> mean_frequency_alive;
  std::vector<std::uint64_t> firings;              ///< [neuron], BOS included
  std::vector<std::uint64_t> firings_without_bos;  ///< [neuron]
  std::vector<std::uint32_t> cover;                ///< by tokens [neuron], 0 where it never fired at one
  std::vector<detector> token_detectors;           ///< their rows are rows of `token_keys`
  std::vector<token_id> token_keys;                ///< the tokens that occurred, ascending
  std::vector<token_id> detected_tokens;           ///< D(l), ascending
  /// Between firing and position, in nats [neuron]; empty without full sequences. The plain one is the paper's, over
  /// all positions; the corrected one leaves out position 0 and subtracts the expectation under permutation.
  std::vector<double> mutual_information, mutual_information_corrected;
  std::vector<bool> positional, positional_corrected;  ///< [neuron]: above the rule's threshold

  std::size_t neurons() const { return firings.size(); }
};

/// Takes the census of one layer from its tables: everything (key::nothing), by token (key::token), by position
/// (key::position).
inline layer_census take_census(std::uint32_t layer, firing_table<std::monostate> const& everything,
                                firing_table<token_id> const& by_token, firing_table<std::uint32_t> const& by_position,
                                census_rules const& rules = {}) {
  layer_census taken;
  taken.layer = layer;
  taken.tokens = tokens(everything);
  taken.dead_share = dead_share(everything);
  taken.mean_frequency_alive = mean_frequency_alive(everything);
  taken.firings = firings(everything);
  taken.firings_without_bos = firings(by_token);
  taken.cover = covers(by_token, rules.token_detector.covered);
  taken.token_detectors = detectors(by_token, rules.token_detector);
  taken.token_keys = by_token.keys;
  for (std::uint32_t const row : detected_rows(taken.token_detectors))
    taken.detected_tokens.push_back(by_token.keys[row]);
  if (by_position.rows() > 0) {
    taken.full_sequences = by_position.occurrences(0);
    taken.mutual_information = mutual_information(by_position);
    taken.mutual_information_corrected =
        corrected_mutual_information(leave_out(by_position, [](std::uint32_t position) { return position == 0; }));
    for (double const nats : taken.mutual_information) taken.positional.push_back(nats > rules.positional_above);
    for (double const nats : taken.mutual_information_corrected)
      taken.positional_corrected.push_back(nats > rules.positional_above);
  }
  return taken;
}

}  // namespace census
