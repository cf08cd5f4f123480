// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detectors.hpp>
#include <census/statistic/positional_type.hpp>
#include <census/statistic/positional_verdict.hpp>

#include <cstddef>

namespace census {

/// What counts as what; the defaults are the paper's, and those of docs/results.md where it is silent. Whatever takes a
/// census, judges it or sums it up takes these as an argument: give the same to all. They do not reach the errors that
/// verdicts keep to (5 %), nor `decidable_share` of run.json, which is of the paper's 95 %.
struct census_rules {
  detector_rule token_detector = {};
  detector_rule ngram_detector = {.cover_at_most = 50};  ///< of n = 2, 3, ...: the paper's for trigrams
  double positional_above = 0.05;                        ///< nats: the paper's plain rule
  positional_rule positional = {};                       ///< the corrected one
  positional_type_rule positional_type = {};

  detector_rule const& detector(std::size_t n) const { return n == 1 ? token_detector : ngram_detector; }
};

}  // namespace census
