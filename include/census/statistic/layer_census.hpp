// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/liveness_census.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/pre_activation_census.hpp>
#include <census/statistic/rounding_error.hpp>
#include <census/statistic/token_census.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace census {

/// The statistics of one layer: small, whatever the size of the tables they come from. Each part is taken from its own
/// tables by a function of its own (take_liveness_census, take_token_census ...); a part that is empty is not known.
struct layer_census {
  std::uint32_t layer = 0;
  liveness_census liveness = {};
  token_census tokens = {};
  std::vector<ngram_census> ngrams = {};           ///< of n = 2, 3, ...
  std::vector<std::uint32_t> detector_order = {};  ///< [neuron]: the least n, 0 where it is no detector of any
  position_census position = {};
  std::optional<pre_activation_census> pre_activations = {};
  std::optional<rounding_error> rounding = {};  ///< of a sample of the text: measure_rounding

  std::size_t neurons() const { return liveness.firings.size(); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("layer", layer)("liveness", liveness)("tokens", tokens)("ngrams", ngrams);
    archive("detector_order", detector_order)("position", position)("pre_activations", pre_activations);
    archive("rounding", rounding);
  }
};

}  // namespace census
