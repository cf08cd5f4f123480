// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace census {

/// What a detector's update does to its own triggers, against what it does to other tokens (paper, section 4.3).
struct trigger_scores {
  double projection = 0;  ///< mean score of the triggers: negative where the neuron suppresses what it fires on
  double rank = 0;        ///< mean place in the ranking of the vocabulary, 0 for the most promoted
  /// Where the triggers lie among tokens about as frequent as they are: the mean share of these that score less, equals
  /// counting half. About ½ for an update that does not know its triggers. Nothing where there are no such tokens.
  std::optional<double> null_percentile;
  /// The mean score of the triggers less that of the triggers of the layer's other detectors; nothing without others.
  std::optional<double> paired_difference;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("projection", projection)("rank", rank)("null_percentile", null_percentile);
    archive("paired_difference", paired_difference);
  }
};

}  // namespace census
