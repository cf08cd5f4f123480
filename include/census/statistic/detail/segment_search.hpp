// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace census::detail {

inline double n_log_n(std::uint64_t n) {
  return n < 2 ? 0.0 : static_cast<double>(n) * std::log(static_cast<double>(n));
}

/// -l(k, n) = -k ln(k/n) - (n-k) ln(1 - k/n): the least negative log likelihood of k firings in n places, in nats.
inline double segment_cost(std::uint64_t firings, std::uint64_t occurrences) {
  return n_log_n(occurrences) - (n_log_n(firings) + n_log_n(occurrences - firings));
}

/// Where a segment may start or end, and what lies before it.
struct segment_place {
  std::uint32_t position;
  std::uint64_t firings, occurrences;
};

/// The places between runs of equal counts, the first position and the end among them.
inline std::vector<segment_place> segment_places(std::span<std::uint32_t const> counts,
                                                 std::span<std::uint64_t const> occurrences) {
  std::vector<segment_place> places{{0, 0, 0}};
  std::uint64_t fired = 0, occurred = 0;
  for (std::uint32_t p = 0; p < counts.size(); ++p) {
    if (p > 0 && (counts[p] != counts[p - 1] || occurrences[p] != occurrences[p - 1]))
      places.push_back({p, fired, occurred});
    fired += counts[p];
    occurred += occurrences[p];
  }
  places.push_back({static_cast<std::uint32_t>(counts.size()), fired, occurred});
  return places;
}

/// The search for the cheapest segmentation, place by place: that up to a place is its last segment, and the cheapest
/// segmentation up to where that starts. Which starts can still be cheapest are its candidates; those that cannot be
/// are dropped now and then (PELT), and most of the others are seen to lose without their cost being worked out.
class segment_search {
 public:
  segment_search(std::span<segment_place const> places, double penalty)
      : places_(places), penalty_(penalty), start_of_(places.size()), candidates_{{0, -penalty, -penalty}} {}

  /// Of each place [place]: where the last segment of the cheapest segmentation up to it starts, as the number of a
  /// place.
  std::vector<std::uint32_t> best_starts() {
    for (std::uint32_t end = 1; end < places_.size(); ++end) {
      double const least = work_out(end);
      double const cost = choose(end, least);
      if (candidates_.size() - old_ >= most_unknown) drop_losers(end, cost + penalty_);
      candidates_.push_back({end, cost + penalty_, 0});
      last_best_ = 0;
      while (last_best_ < old_ && candidates_[last_best_].start < start_of_[end]) ++last_best_;
    }
    return start_of_;
  }

 private:
  /// A start that may be a cheapest one.
  struct candidate {
    std::uint32_t start;
    double before;  // cost of the positions before the start, less one penalty
    double known;   // cost up to place known_at_, where this starts the last segment
  };

  static constexpr double rounding = 1e-6;         // nats: costs closer than this are equal
  static constexpr std::size_t most_unknown = 32;  // candidates beyond `old_` before all are worked out again

  double cost_between(std::uint32_t start, std::uint32_t end) const {
    return segment_cost(places_[end].firings - places_[start].firings,
                        places_[end].occurrences - places_[start].occurrences);
  }

  /// Works out the cost up to `end` of each candidate that may be cheapest, and returns the least.
  double work_out(std::uint32_t end) {
    double least = std::numeric_limits<double>::infinity();
    costs_.clear();
    auto const add = [&](candidate const& one) {
      costs_.emplace_back(one.start, one.before + cost_between(one.start, end));
      least = std::min(least, costs_.back().second);
    };
    for (std::size_t i = old_; i < candidates_.size(); ++i) add(candidates_[i]);
    if (old_ == 0) return least;
    // A segment costs at least what its parts do: what a candidate is known to cost, and the rest from there.
    add(candidates_[last_best_ < old_ ? last_best_ : 0]);
    double const rest = cost_between(known_at_, end);
    for (std::size_t i = 0; i < old_; ++i)
      if (candidates_[i].known + rest <= least + rounding) add(candidates_[i]);
    return least;
  }

  /// Notes the earliest of the cheapest starts, and returns its cost.
  double choose(std::uint32_t end, double least) {
    double cost = std::numeric_limits<double>::infinity();
    start_of_[end] = end;
    for (auto const& [start, of_start] : costs_)
      if (of_start <= least + rounding && start < start_of_[end]) start_of_[end] = start, cost = of_start;
    return cost;
  }

  /// Drops the candidates that cost more up to `end` than a segment that starts there: they do so ever after.
  void drop_losers(std::uint32_t end, double cost_of_start) {
    std::size_t kept = 0;
    for (candidate one : candidates_) {
      one.known = one.before + cost_between(one.start, end);
      if (one.known <= cost_of_start + rounding) candidates_[kept++] = one;
    }
    candidates_.resize(kept);
    old_ = kept;
    known_at_ = end;
  }

  std::span<segment_place const> places_;
  double penalty_;
  std::vector<std::uint32_t> start_of_;
  std::vector<candidate> candidates_;
  std::size_t old_ = 0;  // the first candidates, whose `known` is up to known_at_
  std::uint32_t known_at_ = 0;
  std::size_t last_best_ = 0;                            // the candidate that was cheapest before
  std::vector<std::pair<std::uint32_t, double>> costs_;  // start, cost up to the place at hand
};

}  // namespace census::detail
