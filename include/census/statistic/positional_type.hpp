// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/position_segments.hpp>
#include <census/statistic/ratio.hpp>
#include <census/uint128.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace census {

/// What a positional neuron's firing frequency does over the positions (paper, section 5.2, where there are pictures).
enum class positional_type : std::uint8_t { other, one_extreme, both_extremes, oscillatory };
constexpr std::size_t enumerators(positional_type) { return 4; }

inline std::string_view name_of(positional_type type) {
  constexpr std::string_view names[] = {"other", "one_extreme", "both_extremes", "oscillatory"};
  return names[static_cast<std::size_t>(type)];
}

/// How positional types are told; T is the number of positions, the one left out included.
struct positional_type_rule {
  ratio margin{1, 10};               ///< within this of 0 or 1 a segment's frequency counts as extreme
  ratio strong_margin{1, 100};       ///< and within this for a strong type,
  std::uint64_t strong_cells = 300;  ///< each of whose runs pools so many occurrences
  std::uint32_t shortest_run = 4;    ///< runs of fewer positions than this or than T / positions_a_run are passed over,
  std::uint32_t positions_a_run = 256;
  std::uint32_t runs_of_a_wave = 8;  ///< unless so many short runs lie at the same extreme: a fast wave
  double thin = 0.95;  ///< "other" is strong where a graph of 100 sequences would show at least this share of signal
};

/// A run: a stretch of positions at which a neuron fires nearly always or nearly never, with what interrupted it and
/// was passed over.
struct extreme_run {
  bool high;                  ///< fires nearly always; else nearly never
  std::uint32_t first, last;  ///< positions first .. last-1, as indices of the counts
  std::uint64_t cells;        ///< occurrences pooled by the segments it was made of

  friend bool operator==(extreme_run const&, extreme_run const&) = default;
};

namespace detail {

/// Which frequencies count as extreme: within a margin of 0 or 1; of a neuron whose own rate f is given also within
/// 2 f times the margin of 0, or 2 (1 - f) times of 1, which is less for one side unless f is 1/2.
struct extreme_bounds {
  ratio margin;
  std::uint64_t firings = 1, occurrences = 2;  // the neuron's own rate

  bool is_low(position_segment const& segment) const { return is_near(segment.firings, segment.occurrences, firings); }
  bool is_high(position_segment const& segment) const {
    return is_near(segment.occurrences - segment.firings, segment.occurrences, occurrences - firings);
  }

 private:
  /// k / n <= margin · min(1, 2 · own / occurrences).
  bool is_near(std::uint64_t k, std::uint64_t n, std::uint64_t own) const {
    uint128 const share = uint128{k} * margin.denominator, within = uint128{n} * margin.numerator;
    return share <= within && share * occurrences <= within * own * 2;
  }
};

/// The segments of an extreme frequency, those that touch and are alike as one run.
inline std::vector<extreme_run> touching_runs(std::span<position_segment const> segments,
                                              extreme_bounds const& bounds) {
  std::vector<extreme_run> runs;
  for (position_segment const& segment : segments) {
    bool const high = bounds.is_high(segment);
    if (!high && !bounds.is_low(segment)) continue;
    if (!runs.empty() && runs.back().high == high && runs.back().last == segment.first) {
      runs.back().last = segment.last;
      runs.back().cells += segment.occurrences;
    } else {
      runs.push_back({high, segment.first, segment.last, segment.occurrences});
    }
  }
  return runs;
}

/// The runs that are long enough, or, where there are so many short ones of a kind that they are a fast wave, all of
/// that kind.
inline std::vector<extreme_run> without_short_runs(std::vector<extreme_run> runs, std::uint32_t shortest,
                                                   std::uint32_t runs_of_a_wave) {
  auto const is_short = [&](extreme_run const& run) { return run.last - run.first < shortest; };
  auto const is_wave = [&](bool high) {
    return std::ranges::count_if(runs, [&](extreme_run const& run) { return run.high == high && is_short(run); }) >=
           runs_of_a_wave;
  };
  bool const wave[] = {is_wave(false), is_wave(true)};
  std::erase_if(runs, [&](extreme_run const& run) { return is_short(run) && !wave[run.high]; });
  return runs;
}

/// The runs, high and low in turn; those that are too short are passed over, and neighbours that are then alike are
/// one.
inline std::vector<extreme_run> runs_in_turn(std::span<position_segment const> segments, extreme_bounds const& bounds,
                                             positional_type_rule const& rule) {
  if (segments.empty()) return {};
  std::uint32_t const positions = segments.back().last + 1;
  std::uint32_t const shortest =
      std::max(rule.shortest_run, (positions + rule.positions_a_run - 1) / rule.positions_a_run);
  std::vector<extreme_run> runs;
  for (extreme_run const& run : without_short_runs(touching_runs(segments, bounds), shortest, rule.runs_of_a_wave)) {
    if (!runs.empty() && runs.back().high == run.high) {
      runs.back().last = run.last;
      runs.back().cells += run.cells;
    } else {
      runs.push_back(run);
    }
  }
  return runs;
}

}  // namespace detail

/// The runs of a neuron, high and low in turn: its segments of frequency <= margin (low) or >= 1 - margin (high); what
/// lies between the margins and runs that are too short are passed over, and neighbours that are then alike are one.
inline std::vector<extreme_run> extremes(std::span<position_segment const> segments, ratio margin,
                                         positional_type_rule const& rule = {}) {
  return detail::runs_in_turn(segments, {margin}, rule);
}

/// The same by the neuron's own rate f over all of them: low is a frequency <= margin · min(1, 2f), high one >= 1 -
/// margin · min(1, 2 (1 - f)). Of a neuron that fires at fewer than a tenth of the tokens some positions are low by the
/// margin alone, whatever it does; by its own rate those are at which it is nearly silent. For f = 1/2 the two are the
/// same.
inline std::vector<extreme_run> extremes_by_own_rate(std::span<position_segment const> segments, ratio margin,
                                                     positional_type_rule const& rule = {}) {
  detail::extreme_bounds bounds{margin, 0, 0};
  for (position_segment const& segment : segments)
    bounds.firings += segment.firings, bounds.occurrences += segment.occurrences;
  return detail::runs_in_turn(segments, bounds, rule);
}

/// The type by the number of runs: none, one, two or three, more.
inline positional_type type_of(std::span<extreme_run const> runs) {
  if (runs.empty()) return positional_type::other;
  if (runs.size() == 1) return positional_type::one_extreme;
  return runs.size() <= 3 ? positional_type::both_extremes : positional_type::oscillatory;
}

/// Whether the graph of frequency over position is thin: V / (V + v/100) >= thin, V its variance over the positions
/// less that of its noise, v the noise of one sequence, both from second differences. Precondition: as many occurrences
/// at each position.
inline bool is_thin(std::span<std::uint32_t const> counts, std::uint64_t sequences, double thin) {
  if (counts.size() < 3 || sequences == 0) return false;
  auto const s = static_cast<double>(sequences), positions = static_cast<double>(counts.size());
  double sum = 0, squares = 0, bends = 0;
  for (std::size_t p = 0; p < counts.size(); ++p) {
    double const rate = counts[p] / s;
    sum += rate;
    squares += rate * rate;
    if (p < 2) continue;
    double const bend = (counts[p] - 2.0 * counts[p - 1] + counts[p - 2]) / s;
    bends += bend * bend;
  }
  double const noise = s * bends / (positions - 2) / 6;  // of one sequence, at one position
  double const variance = std::max(0.0, squares / positions - sum / positions * (sum / positions) - noise / s);
  return variance > 0 && variance / (variance + noise / 100) >= thin;
}

/// A neuron's positional type, and whether it is strong: for "other" a thin graph, for the rest the same type at the
/// strong margin with enough cells in each run.
struct typed_neuron {
  positional_type type = positional_type::other;
  bool strong = false;
  positional_type by_own_rate = positional_type::other;  ///< by extremes_by_own_rate

  template <class Archive>
  void serialize(Archive& archive) {
    archive("type", type)("strong", strong)("by_own_rate", by_own_rate);
  }
  friend bool operator==(typed_neuron const&, typed_neuron const&) = default;
};

/// The segments that the type is made from: penalty 2 ln T each. `counts` [position] from position 1 on.
inline std::vector<position_segment> positional_segments(std::span<std::uint32_t const> counts,
                                                         std::span<std::uint64_t const> occurrences) {
  return position_segments(counts, occurrences, 2 * std::log(static_cast<double>(counts.size() + 1)));
}

/// The type of one neuron from its counts [position] over `occurrences` [position], from position 1 on. It says how a
/// positional neuron depends on position, not whether: that is positional_verdict.hpp.
inline typed_neuron positional_type_of(std::span<std::uint32_t const> counts,
                                       std::span<std::uint64_t const> occurrences,
                                       positional_type_rule const& rule = {}) {
  auto const segments = positional_segments(counts, occurrences);
  positional_type const type = type_of(extremes(segments, rule.margin, rule)),
                        by_own_rate = type_of(extremes_by_own_rate(segments, rule.margin, rule));
  if (type == positional_type::other)
    return {type, is_thin(counts, occurrences.empty() ? 0 : occurrences.front(), rule.thin), by_own_rate};
  auto const runs = extremes(segments, rule.strong_margin, rule);
  bool const strong = type_of(runs) == type &&
                      std::ranges::all_of(runs, [&](extreme_run const& run) { return run.cells >= rule.strong_cells; });
  return {type, strong, by_own_rate};
}

}  // namespace census
