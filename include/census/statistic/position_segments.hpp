// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/segment_search.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace census {

/// A stretch of keys first .. last-1 in which a neuron fires at one rate, firings / occurrences.
struct position_segment {
  std::uint32_t first, last;
  std::uint64_t firings, occurrences;

  friend bool operator==(position_segment const&, position_segment const&) = default;
};

/// The segmentation of counts [position] over `occurrences` [position] that minimises the sum over segments of -l(k, n)
/// + penalty, l the binomial log likelihood at the segment's own rate; of equals the one whose last segments start
/// earliest. Exact: only starts that cannot be an optimal one are passed over (Killick, Fearnhead, Eckley 2012, PELT),
/// and no optimal one lies inside a run of equal counts, for -l is concave. Time: from linear in the number of
/// positions for rates that change often, to quadratic for one that never does. Throws std::invalid_argument where the
/// two are of different positions.
inline std::vector<position_segment> position_segments(std::span<std::uint32_t const> counts,
                                                       std::span<std::uint64_t const> occurrences, double penalty) {
  if (counts.size() != occurrences.size())
    throw std::invalid_argument("census::position_segments: counts and occurrences differ in their positions");
  if (counts.empty()) return {};
  auto const places = detail::segment_places(counts, occurrences);
  auto const start_of = detail::segment_search(places, penalty).best_starts();
  std::vector<position_segment> segments;  // from the last one
  for (auto end = static_cast<std::uint32_t>(places.size() - 1); end > 0; end = start_of[end]) {
    detail::segment_place const &from = places[start_of[end]], &to = places[end];
    segments.push_back({from.position, to.position, to.firings - from.firings, to.occurrences - from.occurrences});
  }
  return {segments.rbegin(), segments.rend()};
}

}  // namespace census
