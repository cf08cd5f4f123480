// SPDX-License-Identifier: MIT
#include <census/statistic/rounding_error.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

TEST_CASE("errors of two tokens by hand: their size, their share of each neuron's bound, and firings on one side") {
  census::rounding_error error;
  std::vector<double> const bounds{0.25, 0, 2};
  error.add(std::vector{1.f, -3.f, 0.f}, std::vector{1.5, -3.0, 0.25}, bounds);   // off by 0.5, 0, 0.25: one is lost
  error.add(std::vector{0.5f, 2.f, -1.f}, std::vector{-0.5, 1.0, -1.0}, bounds);  // by 1, 1, 0: one is gained
  CHECK(error.tokens == 2);
  CHECK(error.values == 6);
  CHECK(error.rms() == Approx(std::sqrt((0.25 + 0.0625 + 1 + 1) / 6)));
  CHECK(error.rms_of_values() == Approx(std::sqrt((2.25 + 9 + 0.0625 + 0.25 + 1 + 1) / 6)));
  CHECK(error.largest == 1);
  CHECK(error.largest_of_bound == 4);  // 1 of 0.25; of a neuron that reads nothing there is no bound
  CHECK(error.firings == 3);
  CHECK(error.firings_lost == 1);
  CHECK(error.firings_gained == 1);
  CHECK(error.share_that_differs() == Approx(2.0 / 3));
  CHECK(std::isnan(census::rounding_error{}.rms()));
}
