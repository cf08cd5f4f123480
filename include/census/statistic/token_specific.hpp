// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detectors.hpp>
#include <census/statistic/token_census.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace census {

/// The neurons of a layer that are most specific to tokens: by cover ascending, then firings descending; only those
/// that fired at least `least_firings` times at a token, so that chance does not pick them. A ranking to look at, no
/// verdict: see detectors.
inline std::vector<std::uint32_t> most_token_specific(token_census const& tokens, std::size_t count,
                                                      std::uint64_t least_firings = 50) {
  std::vector<std::uint32_t> neurons;
  for (std::uint32_t n = 0; n < tokens.firings.size(); ++n)
    if (tokens.firings[n] >= least_firings) neurons.push_back(n);
  auto const end = neurons.begin() + static_cast<std::ptrdiff_t>(std::min(count, neurons.size()));
  std::ranges::partial_sort(neurons, end, [&](std::uint32_t a, std::uint32_t b) {
    if (tokens.cover[a] != tokens.cover[b]) return tokens.cover[a] < tokens.cover[b];
    if (tokens.firings[a] != tokens.firings[b]) return tokens.firings[a] > tokens.firings[b];
    return a < b;
  });
  neurons.erase(end, neurons.end());
  return neurons;
}

/// The neurons of a layer whose profiles are worth drawing: its token detectors, and of the others the few that are
/// most specific to tokens, with the tokens at which they fired most in place of detected ones.
inline std::vector<detector> worth_profiling(token_census const& tokens, firing_counts const& by_token,
                                             std::size_t others = 3, std::size_t top = 5) {
  std::vector<detector> neurons = tokens.detectors;
  for (std::uint32_t const neuron : most_token_specific(tokens, others))
    if (!std::ranges::binary_search(tokens.detectors, neuron, {}, &detector::neuron))
      neurons.push_back({neuron, tokens.cover[neuron], tokens.firings[neuron], top_keys(by_token, neuron, top), false});
  return neurons;
}

}  // namespace census
