// SPDX-License-Identifier: MIT
#include <census/statistic/wilson_interval.hpp>

#include <support/binomial.hpp>
#include <support/catch.hpp>

#include <cmath>
#include <functional>
#include <limits>

namespace {

/// The p in [low, high] at which a rising function passes 0.
double root(std::function<double(double)> const& rising, double low, double high) {
  for (int step = 0; step < 100; ++step) (rising((low + high) / 2) < 0 ? low : high) = (low + high) / 2;
  return low;
}

/// How often the interval holds p, over all outcomes of n trials.
double coverage(std::uint64_t n, double p) {
  double held = 0;
  for (std::uint64_t k = 0; k <= n; ++k) {
    auto const interval = census::wilson_interval(k, n);
    if (interval.lower <= p && p <= interval.upper) held += census_test::binomial(n, k, p);
  }
  return held;
}

}  // namespace

TEST_CASE("Wilson's bounds are where the score test at 1.96 standard deviations turns") {
  constexpr double z = 1.959963984540054;
  for (std::uint64_t const n : {1u, 7u, 73u, 5000u})
    for (std::uint64_t k = 0; k <= n; k += 1 + n / 9) {
      auto const interval = census::wilson_interval(k, n);
      double const share = double(k) / double(n);
      auto const score = [&](double p) { return (p - share) / std::sqrt(p * (1 - p) / double(n)); };
      CAPTURE(k, n);
      CHECK(interval.lower ==
            Approx(k == 0 ? 0 : root([&](double p) { return score(p) + z; }, 0, share)).margin(1e-12));
      CHECK(interval.upper ==
            Approx(k == n ? 1 : root([&](double p) { return score(p) - z; }, share, 1)).margin(1e-12));
    }
}

TEST_CASE("73 is the fewest occurrences that support 95 %, by Wilson's bound at each N from 1") {
  std::uint64_t n = 1;  // N/(N + z²) >= 19/20
  while (double(n) / (double(n) + 1.959963984540054 * 1.959963984540054) < 0.95) ++n;
  CHECK(n == 73);
  CHECK(census::fewest_that_support() == n);
  CHECK(census::fewest_that_support({1, 2}) == 4);            // 3.84 -> 4
  CHECK(census::fewest_that_support({9, 10}) == 35);          // 9 · 3.84 = 34.6
  CHECK(census::fewest_that_support({19, 20}, 0.99) == 127);  // 19 · 6.635 = 126.06
  CHECK(census::fewest_that_support({0, 1}) == 1);
  CHECK(census::fewest_that_support({1, 1}) == std::numeric_limits<std::uint64_t>::max());  // no N supports it
  CHECK_THROWS_AS(census::fewest_that_support({21, 20}), std::invalid_argument);
}

TEST_CASE("Wilson's interval covers 95 % on average over the shares") {
  for (std::uint64_t const n : {20u, 73u, 300u}) {
    double average = 0, worst = 1;
    int const points = 1000;
    for (int i = 0; i < points; ++i) {
      double const held = coverage(n, (i + 0.5) / points);
      average += held / points, worst = std::min(worst, held);
    }
    CAPTURE(n, worst);
    CHECK(average > 0.945);
    CHECK(average < 0.96);
    CHECK(worst > 0.8);
  }
}

TEST_CASE("Wilson's interval of no trials is all shares, and what is no share is refused") {
  CHECK(census::wilson_interval(0, 0).lower == 0);
  CHECK(census::wilson_interval(0, 0).upper == 1);
  CHECK_THROWS_AS(census::wilson_interval(2, 1), std::invalid_argument);
  CHECK_THROWS_AS(census::wilson_interval(1, 2, 1.0), std::invalid_argument);
}
