// SPDX-License-Identifier: MIT
#include <census/statistic/holm.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

TEST_CASE("Holm's steps by hand, and what is NaN is no part of the family") {
  // Against 0.05/4, /3, /2, /1: 0.01 and 0.014 are rejected, 0.03 is not, and so 0.04 is not either.
  CHECK(census::holm(std::vector{0.04, 0.01, 0.03, 0.014}, 0.05) == std::vector{false, true, false, true});
  CHECK(census::holm(std::vector{0.02, std::nan(""), 0.024}, 0.05) == std::vector{true, false, true});
  CHECK(census::holm({}, 0.05).empty());
}

TEST_CASE("whoever rejects each intersection that holds a hypothesis rejects what Holm does") {
  // Holm's procedure is the closed test whose intersections are tested by Bonferroni.
  std::mt19937 random(3);
  std::uniform_real_distribution<double> unit;
  for (int round = 0; round < 200; ++round) {
    std::vector<double> p;
    for (int i = 0; i < 6; ++i) p.push_back(unit(random) < 0.5 ? unit(random) * 0.03 : unit(random));
    auto const rejected = census::holm(p, 0.05);
    for (unsigned i = 0; i < 6; ++i) {
      bool closed = true;
      for (unsigned set = 1; set < 64; ++set) {
        if (!(set >> i & 1)) continue;
        double least = 1;
        for (unsigned j = 0; j < 6; ++j)
          if (set >> j & 1) least = std::min(least, p[j]);
        closed = closed && least <= 0.05 / __builtin_popcount(set);
      }
      CHECK(rejected[i] == closed);
    }
  }
}
