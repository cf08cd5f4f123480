// SPDX-License-Identifier: MIT
#pragma once

#include <census/parallel_loop.hpp>
#include <census/splitmix64.hpp>
#include <census/statistic/detail/position_set.hpp>
#include <census/statistic/position_coding.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace census {

/// What independent circular shifts of the neurons give, as the null of a position_coding: means over the draws, and
/// the share of draws, the coding itself counted as one, that do as well or better.
struct position_coding_null {
  double coverage = 0, redundant = 0, codes = 0, information = 0;
  double p_coverage = 1, p_redundant = 1, p_codes = 1, p_information = 1;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("coverage", coverage)("redundant", redundant)("codes", codes)("information", information);
    archive("p_coverage", p_coverage)("p_redundant", p_redundant)("p_codes", p_codes)("p_information", p_information);
  }
};

namespace detail {

/// The coding of each draw [draw]: every set moved by a shift of its own.
inline std::vector<position_coding> shifted_codings(std::span<position_set const> active, std::size_t draws,
                                                    std::uint64_t seed) {
  std::vector<position_coding> drawn(draws);
  parallel_loop(std::size_t{0}, draws, [&](std::size_t draw) {
    std::vector<position_set> moved;
    std::uint64_t bits = splitmix64(splitmix64(seed) ^ draw);
    for (position_set const& set : active) {
      bits = splitmix64(bits);
      moved.push_back(set.shifted(static_cast<std::uint32_t>(bounded(bits, set.positions()))));
    }
    drawn[draw] = coding_of(moved);
  });
  return drawn;
}

/// Compares one figure of a coding with that of the draws: their mean, and the share of them, itself counted as one, of
/// which as_good(drawn, real) holds.
template <class Figure, class AsGood>
void compare_with_draws(std::span<position_coding const> drawn, Figure position_coding::*figure, Figure real,
                        AsGood as_good, double& mean, double& p) {
  double const all = static_cast<double>(drawn.size());
  double sum = 0, reached = 1;
  for (position_coding const& one : drawn) {
    sum += static_cast<double>(one.*figure);
    reached += as_good(one.*figure, real);
  }
  mean = sum / all;  // the quotient last: a mean of shares is at most 1
  p = reached / (all + 1);
}

}  // namespace detail

/// The null of neurons by `draws` draws, in each of which every set moves by a shift of its own; the same draws for the
/// same seed, whatever the threads.
inline position_coding_null null_of(std::span<detail::position_set const> active, std::size_t draws,
                                    std::uint64_t seed) {
  position_coding_null null;
  if (active.empty() || draws == 0) return null;
  position_coding const real = coding_of(active);
  auto const drawn = detail::shifted_codings(active, draws, seed);
  auto const compare = [&](auto figure, auto as_good, double& mean, double& p) {
    detail::compare_with_draws(std::span<position_coding const>(drawn), figure, real.*figure, as_good, mean, p);
  };
  compare(&position_coding::coverage, std::greater_equal{}, null.coverage, null.p_coverage);
  compare(&position_coding::redundant, std::less_equal{}, null.redundant, null.p_redundant);
  compare(&position_coding::codes, std::greater_equal{}, null.codes, null.p_codes);
  compare(&position_coding::information, std::greater_equal{}, null.information, null.p_information);
  return null;
}

}  // namespace census
