// SPDX-License-Identifier: MIT
#pragma once

#include <census/splitmix64.hpp>
#include <census/statistic/position_set.hpp>
#include <census/statistic/positional_types.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// How well the active positions of several neurons tell positions apart, P positions in all.
struct team_coding {
  double coverage = 0;          ///< share of positions at which a neuron of the team is active
  std::uint32_t redundant = 0;  ///< neurons alone at no more than (P+1)/256 positions
  std::uint32_t codes = 0;      ///< distinct sets of active neurons among the positions
  double information = 0;       ///< nats: ln P - mean over p of ln |positions with p's code|

  friend bool operator==(team_coding const&, team_coding const&) = default;
};

namespace detail {

/// Whether each neuron is alone at no more than (P+1)/256 positions.
inline std::vector<bool> redundant(std::span<position_set const> active) {
  std::vector<bool> is_redundant;
  if (active.empty()) return is_redundant;
  std::uint32_t const positions = active.front().positions();
  std::vector<std::uint32_t> neurons_at(positions, 0);
  for (position_set const& set : active)
    for (std::uint32_t p = 0; p < positions; ++p) neurons_at[p] += set.contains(p);
  for (position_set const& set : active) {
    std::uint32_t alone = 0;
    for (std::uint32_t p = 0; p < positions; ++p) alone += set.contains(p) && neurons_at[p] == 1;
    is_redundant.push_back(alone * 256 <= positions + 1);
  }
  return is_redundant;
}

}  // namespace detail

/// The coding of neurons by their active positions [neuron], all on the same circle.
inline team_coding coding_of(std::span<position_set const> active) {
  if (active.empty()) return {};
  std::uint32_t const positions = active.front().positions();
  team_coding coding;
  coding.redundant = static_cast<std::uint32_t>(std::ranges::count(detail::redundant(active), true));
  // Codes by refinement: one class of positions, split in two by each neuron.
  std::vector<std::uint32_t> code(positions, 0), split;
  std::vector<bool> covered(positions, false);
  coding.codes = positions > 0;
  for (position_set const& set : active) {
    constexpr std::uint32_t unseen = ~std::uint32_t{0};
    split.assign(2 * std::size_t{coding.codes}, unseen);
    coding.codes = 0;
    for (std::uint32_t p = 0; p < positions; ++p) {
      bool const is_active = set.contains(p);
      if (is_active) covered[p] = true;
      std::uint32_t& part = split[2 * std::size_t{code[p]} + is_active];
      if (part == unseen) part = coding.codes++;
      code[p] = part;
    }
  }
  std::vector<std::uint32_t> size(coding.codes, 0);
  for (std::uint32_t const of_position : code) ++size[of_position];
  std::ranges::sort(size);  // the same codes give the same bits, whichever comes first
  double const all = positions;
  coding.coverage = static_cast<double>(std::ranges::count(covered, true)) / all;
  for (std::uint32_t const alike : size) coding.information += alike / all * std::log(all / alike);
  return coding;
}

/// A neuron of a team.
struct team_member {
  std::uint32_t neuron = 0;
  position_set active;  ///< its segments of frequency >= 1/2; position p is bit p - 1
  double period = 0;    ///< positions from one rise to the next, or fall to fall: their mean
  bool redundant = false;
  std::uint32_t partner = 0;  ///< the neuron it overlaps best with, itself where it is alone;
  std::uint32_t shift = 0;    ///< moved on by so many positions around the circle, the least of the best,
  double overlap = 0;         ///< the partner shares this of the positions of both, |A and B| / |A or B|
};

/// What independent circular shifts of the members give, as the null of a team: means over the draws, and the share of
/// draws, the team itself counted as one, that do as well or better.
struct team_null {
  double coverage = 0, redundant = 0, codes = 0, information = 0;
  double p_coverage = 1, p_redundant = 1, p_codes = 1, p_information = 1;
};

/// The strong oscillatory neurons of a layer, seen as a team (paper, figure 9).
struct position_code {
  std::vector<team_member> members;
  team_coding coding;
  team_null null;
};

/// The null of neurons by `draws` draws, in each of which every set moves by a shift of its own; the same draws for the
/// same seed, whatever the threads.
inline team_null null_of(std::span<position_set const> active, std::size_t draws, std::uint64_t seed) {
  team_null null;
  if (active.empty() || draws == 0) return null;
  team_coding const real = coding_of(active);
  std::vector<team_coding> drawn(draws);
  tbb::parallel_for(std::size_t{0}, draws, [&](std::size_t draw) {
    std::vector<position_set> moved;
    std::uint64_t bits = splitmix64(splitmix64(seed) ^ draw);
    for (position_set const& set : active) {
      bits = splitmix64(bits);
      moved.push_back(set.shifted(static_cast<std::uint32_t>(bounded(bits, set.positions()))));
    }
    drawn[draw] = coding_of(moved);
  });
  double const all = static_cast<double>(draws);
  auto const compare = [&](auto figure, auto as_good, double& mean, double& p) {
    double reached = 1;
    for (team_coding const& one : drawn) {
      mean += static_cast<double>(figure(one)) / all;
      reached += as_good(figure(one), figure(real));
    }
    p = reached / (all + 1);
  };
  auto const as_much = [](auto drawn_figure, auto figure) { return drawn_figure >= figure; };
  auto const as_few = [](auto drawn_figure, auto figure) { return drawn_figure <= figure; };
  compare([](team_coding const& c) { return c.coverage; }, as_much, null.coverage, null.p_coverage);
  compare([](team_coding const& c) { return c.redundant; }, as_few, null.redundant, null.p_redundant);
  compare([](team_coding const& c) { return c.codes; }, as_much, null.codes, null.p_codes);
  compare([](team_coding const& c) { return c.information; }, as_much, null.information, null.p_information);
  return null;
}

/// Mean distance, in positions, between changes of the same kind of a word: rise and rise, fall and fall; a change lies
/// in the middle between two letters. 0 for fewer than three changes.
inline double period_of(std::span<extreme_run const> word) {
  if (word.size() < 4) return 0;
  auto const change = [&](std::size_t i) { return 0.5 * (word[i].last + word[i + 1].first); };
  double sum = 0;
  std::size_t const gaps = word.size() - 3;
  for (std::size_t i = 0; i < gaps; ++i) sum += change(i + 2) - change(i);
  return sum / static_cast<double>(gaps);
}

/// The team of `neurons` from a table by position; position 0 is left out. Give it the layer's strong oscillatory ones.
inline position_code position_code_of(firing_table<std::uint32_t> const& by_position,
                                      std::span<std::uint32_t const> neurons, positional_type_rule const& rule = {},
                                      std::size_t draws = 1000, std::uint64_t seed = 0) {
  auto const table = without_position_0(by_position);
  auto const occurrences = occurrences_of(table);
  auto const positions = static_cast<std::uint32_t>(table.rows());
  position_code team;
  team.members.resize(neurons.size());
  tbb::parallel_for(std::size_t{0}, neurons.size(), [&](std::size_t i) {
    std::vector<std::uint32_t> counts(positions);
    for (std::uint32_t p = 0; p < positions; ++p) counts[p] = table.counts(p)[neurons[i]];
    auto const segments = positional_segments(counts, occurrences);
    team_member& member = team.members[i];
    member.neuron = member.partner = neurons[i];
    member.active = position_set(positions);
    for (position_segment const& segment : segments)
      if (2 * segment.firings >= segment.occurrences) member.active.add(segment.first, segment.last);
    member.period = period_of(extremes(segments, rule.margin, rule));
  });

  std::vector<position_set> active;
  for (team_member const& member : team.members) active.push_back(member.active);
  auto const redundant = detail::redundant(active);
  for (std::size_t i = 0; i < redundant.size(); ++i) team.members[i].redundant = redundant[i];
  tbb::parallel_for(std::size_t{0}, active.size(), [&](std::size_t i) {
    team_member& member = team.members[i];
    for (std::uint32_t shift = 0; active.size() > 1 && shift < positions; ++shift) {
      position_set const moved = active[i].shifted(shift);
      for (std::size_t j = 0; j < active.size(); ++j) {
        if (j == i) continue;
        std::uint32_t const both = moved.shared_with(active[j]), either = moved.size() + active[j].size() - both;
        double const overlap = either == 0 ? 0.0 : static_cast<double>(both) / either;
        if (overlap > member.overlap) member.overlap = overlap, member.shift = shift, member.partner = neurons[j];
      }
    }
  });
  team.coding = coding_of(active);
  team.null = null_of(active, draws, seed);
  return team;
}

}  // namespace census
