// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/census_rules.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/liveness_census.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/token_census.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/merge_tables.hpp>
#include <census/token_id.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace census {

/// The tables of one layer that a census stores: what can be told of a layer of which nothing else is left.
struct layer_tables {
  std::uint32_t layer = 0;
  firing_table<std::monostate> everything;
  firing_table<std::uint16_t> by_domain;
  firing_table<std::uint32_t> by_position;              ///< over full sequences; no rows where there are none
  std::optional<firing_table<token_id>> by_token = {};  ///< where it was kept,
  std::vector<std::string> token_strings = {};          ///< and the text of each of its tokens [row]
};

namespace detail {

/// The texts of the tokens of both tables [row of `all`]; empty where one of the two has none.
inline std::vector<std::string> strings_of(firing_table<token_id> const& all, layer_tables const& a,
                                           layer_tables const& b) {
  if (a.token_strings.empty() || b.token_strings.empty()) return {};
  std::vector<std::string> strings;
  for (token_id const token : all.keys) {
    auto const row = a.by_token->row_of(token);
    strings.push_back(row ? a.token_strings.at(*row) : b.token_strings.at(b.by_token->row_of(token).value()));
  }
  return strings;
}

}  // namespace detail

/// Two layers' tables as one: the same layer on other text; by token where both have it. Throws std::invalid_argument
/// where they are of two layers, of other numbers of neurons, or of full sequences of other lengths,
/// std::overflow_error where a count does not fit.
inline layer_tables merge(layer_tables const& a, layer_tables const& b) {
  if (a.layer != b.layer)
    throw std::invalid_argument("census::merge: tables of layer " + std::to_string(a.layer) + " and of layer " +
                                std::to_string(b.layer));
  auto const &mine = a.by_position.keys, &theirs = b.by_position.keys;
  if (!mine.empty() && !theirs.empty() && mine != theirs)
    throw std::invalid_argument("census::merge: full sequences of " + std::to_string(mine.size()) + " and of " +
                                std::to_string(theirs.size()) + " tokens");
  layer_tables both{a.layer, merge(a.everything, b.everything), merge(a.by_domain, b.by_domain),
                    merge(a.by_position, b.by_position)};
  if (!a.by_token || !b.by_token) return both;
  both.by_token = merge(*a.by_token, *b.by_token);
  both.token_strings = detail::strings_of(*both.by_token, a, b);
  return both;
}

/// The census of a layer as far as these tables tell it, by the functions that any census is taken with: liveness,
/// position by the paper's rule, and what single tokens tell. What documents, n-grams or a decoy would tell stays
/// empty.
inline layer_result take_layer_result(layer_tables const& tables, census_rules const& rules = {}) {
  layer_result result{.census = {.layer = tables.layer,
                                 .liveness = take_liveness_census(tables.everything),
                                 .position = take_position_census(tables.by_position, rules)},
                      .by_domain = tables.by_domain,
                      .by_position = tables.by_position,
                      .by_token = tables.by_token,
                      .token_strings = tables.token_strings};
  if (tables.by_token) result.census.tokens = take_token_census(*tables.by_token, rules.token_detector);
  return result;
}

}  // namespace census
