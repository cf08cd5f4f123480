// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace census {

/// An input that makes a neuron fire which was silent elsewhere: run `ids` as one sequence, and it fires at the last.
struct activating_input {
  std::uint32_t layer = 0, neuron = 0;
  std::vector<token_id> ids;  ///< BOS included where the model was given one
  float pre_activation = 0;   ///< at the last of them
  std::string found_by;       ///< what the search was trying

  friend bool operator==(activating_input const&, activating_input const&) = default;
};

}  // namespace census
