// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
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

namespace detail {

inline double n_log_n(std::uint64_t n) {
  return n < 2 ? 0.0 : static_cast<double>(n) * std::log(static_cast<double>(n));
}

/// -l(k, n) = -k ln(k/n) - (n-k) ln(1 - k/n): the least negative log likelihood of k firings in n places, in nats.
inline double segment_cost(std::uint64_t firings, std::uint64_t occurrences) {
  return n_log_n(occurrences) - (n_log_n(firings) + n_log_n(occurrences - firings));
}

}  // namespace detail

/// The segmentation of counts [position] over `occurrences` [position] that minimises the sum over segments of -l(k, n)
/// + penalty, l the binomial log likelihood at the segment's own rate; of equals the one whose last segments start
/// earliest. Exact: only starts that cannot be an optimal one are passed over (Killick, Fearnhead, Eckley 2012, PELT),
/// and no optimal one lies inside a run of equal counts, for -l is concave. Time: from linear in the number of
/// positions for rates that change often, to quadratic for one that never does.
inline std::vector<position_segment> position_segments(std::span<std::uint32_t const> counts,
                                                       std::span<std::uint64_t const> occurrences, double penalty) {
  if (counts.size() != occurrences.size())
    throw std::invalid_argument("census::position_segments: counts and occurrences differ in their positions");
  if (counts.empty()) return {};
  struct place {  // where a segment may start, and what lies before it
    std::uint32_t position;
    std::uint64_t firings, occurrences;
  };
  std::vector<place> places{{0, 0, 0}};
  std::uint64_t fired = 0, occurred = 0;
  for (std::uint32_t p = 0; p < counts.size(); ++p) {
    if (p > 0 && (counts[p] != counts[p - 1] || occurrences[p] != occurrences[p - 1]))
      places.push_back({p, fired, occurred});
    fired += counts[p];
    occurred += occurrences[p];
  }
  places.push_back({static_cast<std::uint32_t>(counts.size()), fired, occurred});

  constexpr double rounding = 1e-6;          // nats: costs closer than this are equal
  std::vector<double> least(places.size());  // of the positions before a place, less one penalty
  std::vector<std::uint32_t> start_of(places.size()), starts{0};
  std::vector<double> without_penalty;
  least[0] = -penalty;
  for (std::uint32_t end = 1; end < places.size(); ++end) {
    without_penalty.resize(starts.size());
    std::size_t best = 0;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      place const& start = places[starts[i]];
      without_penalty[i] = least[starts[i]] + detail::segment_cost(places[end].firings - start.firings,
                                                                   places[end].occurrences - start.occurrences);
      if (without_penalty[i] < without_penalty[best] - rounding) best = i;
    }
    least[end] = without_penalty[best] + penalty;
    start_of[end] = starts[best];
    std::size_t kept = 0;
    for (std::size_t i = 0; i < starts.size(); ++i)
      if (without_penalty[i] <= least[end] + rounding) starts[kept++] = starts[i];
    starts.resize(kept);
    starts.push_back(end);
  }

  std::vector<position_segment> segments;
  for (auto end = static_cast<std::uint32_t>(places.size() - 1); end > 0; end = start_of[end]) {
    place const &from = places[start_of[end]], &to = places[end];
    segments.push_back({from.position, to.position, to.firings - from.firings, to.occurrences - from.occurrences});
  }
  return {segments.rbegin(), segments.rend()};
}

}  // namespace census
