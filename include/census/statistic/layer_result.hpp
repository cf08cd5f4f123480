// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_examples.hpp>
#include <census/statistic/layer_projections.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace census {

/// All that is kept of a layer: its census, and those of its tables that are stored beside it.
struct layer_result {
  layer_census census;
  firing_table<std::uint16_t> by_domain;
  firing_table<std::uint32_t> by_position;         ///< over full sequences; no rows where there are none
  std::optional<firing_table<token_id>> by_token;  ///< where it is to be stored, too,
  std::vector<std::string> token_strings = {};     ///< and the text of each of its tokens [row]; empty where not known
  std::optional<layer_examples> examples = {};     ///< where they were asked for
  std::optional<layer_projections> projections = {};  ///< likewise

  template <class Archive>
  void serialize(Archive& archive) {
    archive("census", census)("by_domain", by_domain)("by_position", by_position)("by_token", by_token);
    archive("token_strings", token_strings)("examples", examples)("projections", projections);
  }
};

}  // namespace census
