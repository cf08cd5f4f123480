// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace census {

/// How many keys a layer's detectors detect, alone and against the layers below it (figure 4). D(l) is the set of layer
/// l.
struct detected_counts {
  std::uint64_t detected = 0;      ///< |D(l)|
  std::uint64_t cumulative = 0;    ///< |D(0) u ... u D(l)|
  std::uint64_t new_overall = 0;   ///< |D(l) \ (D(0) u ... u D(l-1))|
  std::uint64_t new_vs_below = 0;  ///< |D(l) \ D(l-1)|
};

/// The counts of each layer, from its set of detected keys, each ascending. Layers in order; the first has nothing
/// below it.
template <class Key>
std::vector<detected_counts> detected_across_layers(std::vector<std::vector<Key>> const& detected) {
  std::vector<detected_counts> counts;
  std::vector<Key> before, below;
  auto const without = [](std::vector<Key> const& set, std::vector<Key> const& others) {
    std::vector<Key> left;
    std::ranges::set_difference(set, others, std::back_inserter(left));
    return left.size();
  };
  for (std::vector<Key> const& here : detected) {
    std::vector<Key> both;
    std::ranges::set_union(before, here, std::back_inserter(both));
    counts.push_back({here.size(), both.size(), without(here, before), without(here, below)});
    before = std::move(both);
    below = here;
  }
  return counts;
}

}  // namespace census
