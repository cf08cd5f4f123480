// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/liveness_census.hpp>
#include <census/statistic/position_census.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/merge_tables.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>

namespace census {

/// The tables of one layer that a census always stores (census.safetensors): what can be told of a layer of which
/// nothing else is left.
struct layer_tables {
  std::uint32_t layer = 0;
  firing_table<std::monostate> everything;
  firing_table<std::uint16_t> by_domain;
  firing_table<std::uint32_t> by_position;  ///< over full sequences; no rows where there are none
};

/// Two layers' tables as one: the same layer on other text. Throws std::invalid_argument where they are of two layers,
/// of other numbers of neurons, or of full sequences of other lengths, std::overflow_error where a count does not fit.
inline layer_tables merge(layer_tables const& a, layer_tables const& b) {
  if (a.layer != b.layer)
    throw std::invalid_argument("census::merge: tables of layer " + std::to_string(a.layer) + " and of layer " +
                                std::to_string(b.layer));
  auto const &mine = a.by_position.keys, &theirs = b.by_position.keys;
  if (!mine.empty() && !theirs.empty() && mine != theirs)
    throw std::invalid_argument("census::merge: full sequences of " + std::to_string(mine.size()) + " and of " +
                                std::to_string(theirs.size()) + " tokens");
  return {a.layer, merge(a.everything, b.everything), merge(a.by_domain, b.by_domain),
          merge(a.by_position, b.by_position)};
}

/// The census of a layer as far as these tables tell it, by the functions that any census is taken with: liveness, and
/// position by the paper's rule. What documents, tokens, n-grams or a decoy would tell stays empty.
inline layer_result take_layer_result(layer_tables const& tables, census_rules const& rules = {}) {
  return {.census = {.layer = tables.layer,
                     .liveness = take_liveness_census(tables.everything),
                     .position = take_position_census(tables.by_position, rules)},
          .by_domain = tables.by_domain,
          .by_position = tables.by_position,
          .by_token = {}};
}

}  // namespace census
