// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/activating_input.hpp>
#include <census/token_id.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace census::detail {

/// An input, and the pre-activation that a neuron had at its last token.
struct tried_input {
  std::vector<token_id> ids;
  float value;
};

/// What a search knows of a neuron that was silent: the input that makes it fire, or what came nearest.
struct searched_neuron {
  std::uint32_t neuron;
  std::optional<activating_input> activated = {};
  std::optional<tried_input> nearest = {};    ///< the input that came nearest, whole
  std::optional<tried_input> promising = {};  ///< the end of a longer one that came nearer; not run by itself yet
  std::vector<tried_input> best_tokens = {};  ///< single tokens, those of the largest values, descending
  float largest = -std::numeric_limits<float>::infinity();

  bool still_silent() const { return !activated; }
};

}  // namespace census::detail
