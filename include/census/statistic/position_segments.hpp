// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
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

  // A start that may be an optimal one, with the least cost up to `known_at` of what ends in a segment from here.
  struct candidate {
    std::uint32_t start;
    double before, known;  // `before`: of the positions before the start, less one penalty
  };
  constexpr double rounding = 1e-6;    // nats: costs closer than this are equal
  constexpr std::size_t unknown = 32;  // candidates beyond `known_at` before all are worked out again
  std::vector<candidate> candidates{{0, -penalty, -penalty}};
  std::vector<std::uint32_t> start_of(places.size());
  std::vector<std::pair<std::uint32_t, double>> worked_out;  // start, cost up to `end`
  std::size_t old = 0;                                       // the first candidates, whose `known` is up to `known_at`
  std::uint32_t known_at = 0, last_best = 0;
  auto const cost_between = [&](std::uint32_t start, std::uint32_t end) {
    return detail::segment_cost(places[end].firings - places[start].firings,
                                places[end].occurrences - places[start].occurrences);
  };
  for (std::uint32_t end = 1; end < places.size(); ++end) {
    // The cost of a segment is at least that of its parts: known + that of known_at .. end is a lower bound, and most
    // candidates need no more to be seen to lose.
    double least = std::numeric_limits<double>::infinity();
    worked_out.clear();
    auto const work_out = [&](candidate const& one) {
      worked_out.emplace_back(one.start, one.before + cost_between(one.start, end));
      least = std::min(least, worked_out.back().second);
    };
    for (std::size_t i = old; i < candidates.size(); ++i) work_out(candidates[i]);
    if (old > 0) work_out(candidates[last_best < old ? last_best : 0]);
    double const since = old > 0 ? cost_between(known_at, end) : 0;
    for (std::size_t i = 0; i < old; ++i)
      if (candidates[i].known + since <= least + rounding) work_out(candidates[i]);
    candidate next{end, std::numeric_limits<double>::infinity(), 0};
    start_of[end] = end;
    for (auto const& [start, cost] : worked_out)
      if (cost <= least + rounding && start < start_of[end]) start_of[end] = start, next.before = cost + penalty;

    if (candidates.size() - old >= unknown) {
      std::size_t kept = 0;
      for (candidate one : candidates) {
        one.known = one.before + cost_between(one.start, end);
        if (one.known <= next.before + rounding) candidates[kept++] = one;
      }
      candidates.resize(kept);
      old = kept;
      known_at = end;
    }
    candidates.push_back(next);
    last_best = 0;
    while (last_best < old && candidates[last_best].start < start_of[end]) ++last_best;
  }

  std::vector<position_segment> segments;
  for (auto end = static_cast<std::uint32_t>(places.size() - 1); end > 0; end = start_of[end]) {
    place const &from = places[start_of[end]], &to = places[end];
    segments.push_back({from.position, to.position, to.firings - from.firings, to.occurrences - from.occurrences});
  }
  return {segments.rbegin(), segments.rend()};
}

}  // namespace census
