// SPDX-License-Identifier: MIT
#pragma once

#include <census/parallel_loop.hpp>
#include <census/statistic/detail/position_set.hpp>
#include <census/statistic/position_coding.hpp>
#include <census/statistic/position_coding_null.hpp>
#include <census/statistic/position_segments.hpp>
#include <census/statistic/positional_type.hpp>
#include <census/statistic/positional_types.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/tabulation/firing_table.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census {

/// A neuron of a position_code.
struct coding_neuron {
  std::uint32_t neuron = 0;
  detail::position_set active;  ///< its segments of frequency >= 1/2; position p is bit p - 1
  double period = 0;            ///< positions from one rise to the next, or fall to fall: their mean
  bool redundant = false;
  std::uint32_t partner = 0;  ///< the neuron it overlaps best with, itself where it is alone;
  std::uint32_t shift = 0;    ///< moved on by so many positions around the circle, the least of the best,
  double overlap = 0;         ///< the partner shares this of the positions of both, |A and B| / |A or B|

  template <class Archive>
  void serialize(Archive& archive) {
    archive("neuron", neuron)("active", active)("period", period)("redundant", redundant)("partner", partner);
    archive("shift", shift)("overlap", overlap);
  }
};

/// The strong oscillatory neurons of a layer, which fire for some stretches of positions, seen as one code for
/// position: which of them are active tells where one is (paper, figure 9). The CSV columns team_* are of it.
struct position_code {
  std::vector<coding_neuron> members;
  position_coding coding;
  position_coding_null null;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("members", members)("coding", coding)("null", null);
  }
};

/// Mean distance, in positions, between changes of the same kind: rise and rise, fall and fall; a change lies in the
/// middle between two runs. 0 for fewer than three changes.
inline double period_of(std::span<extreme_run const> runs) {
  if (runs.size() < 4) return 0;
  auto const change = [&](std::size_t i) { return 0.5 * (runs[i].last + runs[i + 1].first); };
  double sum = 0;
  std::size_t const gaps = runs.size() - 3;
  for (std::size_t i = 0; i < gaps; ++i) sum += change(i + 2) - change(i);
  return sum / static_cast<double>(gaps);
}

namespace detail {

/// A neuron by itself, from its counts [position].
inline coding_neuron coding_neuron_of(std::uint32_t neuron, std::span<std::uint32_t const> counts,
                                      std::span<std::uint64_t const> occurrences, positional_type_rule const& rule) {
  auto const segments = positional_segments(counts, occurrences);
  coding_neuron found;
  found.neuron = found.partner = neuron;
  found.active = position_set(static_cast<std::uint32_t>(counts.size()));
  for (position_segment const& segment : segments)
    if (2 * segment.firings >= segment.occurrences) found.active.add(segment.first, segment.last);
  found.period = period_of(extremes(segments, rule.margin, rule));
  return found;
}

/// Finds among the others the one that members[i] overlaps best with, moved on by some positions.
inline void find_partner(std::span<coding_neuron> members, std::size_t i) {
  coding_neuron& one = members[i];
  if (members.size() < 2) return;
  for (std::uint32_t shift = 0; shift < one.active.positions(); ++shift) {
    position_set const moved = one.active.shifted(shift);
    for (std::size_t j = 0; j < members.size(); ++j) {
      if (j == i) continue;
      position_set const& other = members[j].active;
      std::uint32_t const both = moved.shared_with(other), either = moved.size() + other.size() - both;
      double const overlap = either == 0 ? 0.0 : static_cast<double>(both) / either;
      if (overlap > one.overlap) one.overlap = overlap, one.shift = shift, one.partner = members[j].neuron;
    }
  }
}

}  // namespace detail

/// The code of `neurons` from a table by position; position 0 is left out. Give it the layer's strong oscillatory ones.
inline position_code position_code_of(firing_table<std::uint32_t> const& by_position,
                                      std::span<std::uint32_t const> neurons, positional_type_rule const& rule = {},
                                      std::size_t draws = 1000, std::uint64_t seed = 0) {
  auto const table = without_position_0(by_position);
  auto const occurrences = occurrences_of(table);
  position_code code;
  code.members.resize(neurons.size());
  parallel_loop(std::size_t{0}, neurons.size(), [&](std::size_t i) {
    std::vector<std::uint32_t> counts(table.rows());
    for (std::size_t p = 0; p < counts.size(); ++p) counts[p] = table.counts(p)[neurons[i]];
    code.members[i] = detail::coding_neuron_of(neurons[i], counts, occurrences, rule);
  });

  std::vector<detail::position_set> active;
  for (coding_neuron const& member : code.members) active.push_back(member.active);
  auto const redundant = detail::redundant(active);
  for (std::size_t i = 0; i < redundant.size(); ++i) code.members[i].redundant = redundant[i];
  parallel_loop(std::size_t{0}, active.size(), [&](std::size_t i) { detail::find_partner(code.members, i); });
  code.coding = coding_of(active);
  code.null = null_of(active, draws, seed);
  return code;
}

}  // namespace census
