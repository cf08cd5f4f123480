// SPDX-License-Identifier: MIT
#include <census/statistic/holm.hpp>

#include <support/catch.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace {

/// Holm's rule as the closed test that it is: a hypothesis is rejected where each set of hypotheses that holds it is,
/// by Bonferroni's rule for that set.
std::vector<bool> closed_test(std::vector<double> const& p, double error) {
  std::vector<bool> rejected(p.size(), true);
  for (unsigned set = 1; set < 1u << p.size(); ++set) {
    bool set_is_rejected = false;
    for (std::size_t i = 0; i < p.size(); ++i)
      set_is_rejected |= (set >> i & 1) != 0 && p[i] <= error / std::popcount(set);
    for (std::size_t i = 0; i < p.size(); ++i)
      if ((set >> i & 1) != 0 && !set_is_rejected) rejected[i] = false;
  }
  return rejected;
}

}  // namespace

TEST_CASE("Holm's rule is the closed test of Bonferroni's") {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit;
  for (int round = 0; round < 300; ++round) {
    std::vector<double> p(1 + random() % 7);
    for (double& one : p) one = std::pow(unit(random), 1 + random() % 4);
    if (p.size() > 2) p[2] = p[0];  // a tie
    CAPTURE(p);
    CHECK(census::holm_rejections(p, 0.2) == closed_test(p, 0.2));
  }
}

TEST_CASE("what is rejected by a wide margin makes room for the others, and the first that is not ends it") {
  CHECK(census::holm_rejections(std::vector{0.03, 1e-9, 0.02}) == std::vector<bool>{true, true, true});
  CHECK(census::holm_rejections(std::vector{0.03, 0.9, 0.02}) == std::vector<bool>{false, false, false});
  CHECK(census::holm_rejections(std::vector{0.01, 0.9, 0.04}) == std::vector<bool>{true, false, false});
  CHECK(census::holm_rejections({}).empty());
  // Against 0.05/4, /3, /2, /1: 0.01 and 0.014 are rejected, 0.03 is not, and so 0.04 is not either.
  CHECK(census::holm_rejections(std::vector{0.04, 0.01, 0.03, 0.014}) == std::vector{false, true, false, true});
}

TEST_CASE("what is NaN is no part of Holm's family") {
  CHECK(census::holm_rejections(std::vector{0.02, std::nan(""), 0.024}) == std::vector{true, false, true});
}
