// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/near_zero_counts.hpp>

#include <vector>

namespace census {

/// What a layer's weights prove of its neurons and how near their pre-activations came to zero, [neuron].
struct pre_activation_census {
  std::vector<double> demanded_cosine;  ///< kappa: from 1 on dead for every input, below -1 always on
  std::vector<bool> provably_dead, always_on;
  std::vector<double> largest_cosine;       ///< the largest seen; empty where pre-activations were not kept
  std::vector<near_zero_counts> near_zero;  ///< likewise

  template <class Archive>
  void serialize(Archive& archive) {
    archive("demanded_cosine", demanded_cosine)("provably_dead", provably_dead)("always_on", always_on);
    archive("largest_cosine", largest_cosine)("near_zero", near_zero);
  }
};

}  // namespace census
