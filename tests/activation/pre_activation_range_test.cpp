// SPDX-License-Identifier: MIT
#include <census/activation/pre_activation_range.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

TEST_CASE("the range of a neuron of two weights is as worked out by hand") {
  std::vector<float> const w{3, 1}, gain{1, 2}, shift{0.5f, -1};
  auto const range = census::range_of_pre_activation(w, 0.25f, gain, shift);
  CHECK(range.centre == 0.75);                              // 3/2 - 1 + 1/4
  CHECK(range.reach == Approx(1));                          // u = (3, 2), less its mean (1/2, -1/2)
  CHECK(range.float_reach == Approx(std::sqrt(26.)));       // √2 · ‖(3, 2)‖
  CHECK(range.magnitude == Approx(std::sqrt(26.) + 2.75));  // ... + 3/2 + 1 + 1/4
  CHECK(range.rounding() == Approx(18 * std::ldexp(range.magnitude, -23)));
  CHECK(range.likely_rounding(2) == Approx((2 * std::sqrt(2.) + 16) * std::ldexp(range.magnitude, -24)));
  CHECK(range.largest() == Approx(1.75));
  CHECK(range.smallest() == Approx(-0.25));
  CHECK(range.demanded_cosine() == Approx(-0.75));
  CHECK(range.cosine(1.75) == Approx(1));
  CHECK(range.proof() == census::liveness_proof::none);
  CHECK_THROWS_AS(census::range_of_pre_activation(w, 0, gain, {}), std::invalid_argument);
}

TEST_CASE("a neuron that reads nothing is judged by its bias") {
  std::vector<float> const w(8), ones(8, 1);
  auto const with_bias = [&](float bias) { return census::range_of_pre_activation(w, bias, ones, ones); };
  CHECK(with_bias(-1).proof() == census::liveness_proof::dead);
  CHECK(with_bias(0).proof() == census::liveness_proof::dead);  // 0 does not fire
  CHECK(with_bias(1e-30f).proof() == census::liveness_proof::always_on);
  CHECK(with_bias(-1).demanded_cosine() == std::numeric_limits<double>::infinity());
  CHECK(with_bias(1).demanded_cosine() == -std::numeric_limits<double>::infinity());
}
