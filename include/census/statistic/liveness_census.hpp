// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/liveness.hpp>
#include <census/statistic/unseen_estimate.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace census {

/// Which neurons of a layer are alive, and how often they fire (paper, section 3). BOS is included.
struct liveness_census {
  std::uint64_t tokens = 0;
  std::vector<std::uint64_t> firings;  ///< [neuron]
  double dead_share = 0;
  std::optional<double> mean_frequency_alive;  ///< none where no neuron fired

  /// Of the documents in which neurons fired; what follows is not known without a record of them.
  std::optional<unseen_estimate> unseen;
  std::optional<double> firing_rate_upper_95;  ///< of a neuron that never fired: the share of documents
  std::vector<dead_share_point> dead_shares;   ///< against text

  /// Share of the tokens at which a neuron fires.
  double frequency(std::size_t neuron) const {
    return static_cast<double>(firings[neuron]) / static_cast<double>(tokens);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("tokens", tokens)("firings", firings)("dead_share", dead_share);
    archive("mean_frequency_alive", mean_frequency_alive)("unseen", unseen);
    archive("firing_rate_upper_95", firing_rate_upper_95)("dead_shares", dead_shares);
  }
};

/// From a layer's table of everything (key::nothing).
inline liveness_census take_liveness_census(firing_counts const& everything) {
  liveness_census taken;
  taken.tokens = tokens(everything);
  taken.firings = firings(everything);
  taken.dead_share = dead_share(everything);
  taken.mean_frequency_alive = mean_frequency_alive(everything);
  return taken;
}

/// The same, and from the record of the documents in which each neuron first fired.
inline liveness_census take_liveness_census(firing_counts const& everything, first_firing_record const& record) {
  liveness_census taken = take_liveness_census(everything);
  taken.unseen = estimate_unseen(record);
  taken.firing_rate_upper_95 = firing_rate_upper_95(record.documents.size());
  taken.dead_shares = dead_share_curve(record);
  return taken;
}

}  // namespace census
