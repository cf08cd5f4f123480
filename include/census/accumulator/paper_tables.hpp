// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/firings_by.hpp>

namespace census {

/// Firings of each neuron, BOS included: dead_share, frequencies, mean_frequency_alive of its table (paper, section 3).
using liveness = firings_by<key::nothing>;

/// Firings by token, BOS left out: covers and detectors of its table (paper, section 4).
using token_coverage = firings_by<key::token>;

/// Firings by position in full-length sequences: mutual_information of its table (paper, section 5).
using position_information = firings_by<key::position>;

}  // namespace census
