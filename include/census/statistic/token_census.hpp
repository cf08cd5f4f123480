// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/coverage.hpp>
#include <census/statistic/detector_claim.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/verdict.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace census {

/// What single tokens tell of a layer's neurons (paper, sections 4.1 and 4.2); BOS is left out. All of it is empty
/// where the text tells no token (text_rows::without_tokens).
struct token_census {
  std::vector<std::uint64_t> firings;               ///< [neuron]
  std::vector<std::uint32_t> cover;                 ///< [neuron], 0 where it never fired
  std::vector<std::optional<double>> repeat_rates;  ///< [neuron]
  std::vector<detector> detectors;                  ///< ascending by neuron; `row` is one of `keys`
  std::vector<tested_claim> claims;  ///< [neuron]: by halves of the documents; empty where they cannot tell
  std::vector<verdict> verdicts;     ///< [neuron]: of the claims, those that stand; empty until judge_detectors
  std::vector<token_id> keys;        ///< the tokens that occurred, ascending
  std::vector<token_id> detected;    ///< D(l): tokens that some detector detects, ascending

  template <class Archive>
  void serialize(Archive& archive) {
    archive("firings", firings)("cover", cover)("repeat_rates", repeat_rates)("detectors", detectors);
    archive("claims", claims)("verdicts", verdicts)("keys", keys)("detected", detected);
  }
};

/// From a layer's table by token (key::token); claims and verdicts, which need the firings themselves, stay empty.
inline token_census take_token_census(firing_table<token_id> const& by_token, detector_rule const& rule = {}) {
  token_census taken;
  if (by_token.rows() == 0) return taken;
  taken.firings = firings(by_token);
  taken.cover = covers(by_token, rule.covered);
  taken.repeat_rates = repeat_rates(by_token);
  taken.detectors = detectors(by_token, rule);
  taken.keys = by_token.keys;
  for (std::uint32_t const row : detected_rows(taken.detectors)) taken.detected.push_back(by_token.keys[row]);
  return taken;
}

}  // namespace census
