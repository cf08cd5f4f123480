// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/liveness.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// A neuron that is dead on one text and alive on another.
struct silent_here {
  std::uint32_t neuron = 0;
  std::uint64_t firings_there = 0;
  /// Firings that it would have here at the rate it has there. With few of them, silence here says nothing.
  double expected_here = 0;

  friend bool operator==(silent_here const&, silent_here const&) = default;
};

/// The neurons that never fired in `here` and did in `there`, ascending, from two tables of the same layer. Throws
/// std::invalid_argument where one counts no token, or they differ in neurons.
inline std::vector<silent_here> dead_here_alive_there(firing_counts const& here, firing_counts const& there) {
  if (here.neurons() != there.neurons())
    throw std::invalid_argument("census::dead_here_alive_there: tables of " + std::to_string(here.neurons()) +
                                " and of " + std::to_string(there.neurons()) + " neurons");
  detail::require_tokens(there, "census::dead_here_alive_there");
  auto const fired_there = firings(there);
  double const size = static_cast<double>(tokens(here)) / static_cast<double>(tokens(there));
  std::vector<silent_here> found;
  for (std::uint32_t const neuron : dead_neurons(here))
    if (std::uint64_t const fired = fired_there[neuron]; fired > 0)
      found.push_back({neuron, fired, static_cast<double>(fired) * size});
  return found;
}

}  // namespace census
