// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/for_each_neuron.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census {

/// Over how many keys a neuron's firings spread: the entropy of the key at which it fires, -sum c/F ln(c/F) over the
/// keys, in nats [neuron]; exp of it is a number of keys. 0 where it fires at one key only, nothing where it never
/// fires. The plug-in value: too small where firings are few, for F firings reach at most ln F.
inline std::vector<std::optional<double>> key_entropies(firing_counts const& table) {
  std::vector<std::optional<double>> entropies(table.neurons());
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    double fired = 0, sum = 0;
    for (std::uint32_t const count : counts) fired += count;
    if (fired == 0) return;
    for (std::uint32_t const count : counts)
      if (count > 0) sum += count * std::log(fired / count);
    entropies[neuron] = sum / fired;
  });
  return entropies;
}

}  // namespace census
