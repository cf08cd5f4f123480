// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detectors.hpp>
#include <census/statistic/positional_type.hpp>
#include <census/statistic/positional_verdict.hpp>

namespace census {

/// What counts as what; the defaults are the paper's, and those of docs/results.md where it is silent.
struct census_rules {
  detector_rule token_detector = {};
  double positional_above = 0.05;   ///< nats: the paper's plain rule
  positional_rule positional = {};  ///< the corrected one
  positional_type_rule positional_type = {};
};

}  // namespace census
