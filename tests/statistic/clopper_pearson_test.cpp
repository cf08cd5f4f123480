// SPDX-License-Identifier: MIT
#include <census/statistic/clopper_pearson.hpp>

#include <support/binomial.hpp>
#include <support/catch.hpp>

using census_test::binomial;
using census_test::binomial_sum;

TEST_CASE("Clopper and Pearson's bounds are where the binomial tails have the error asked for") {
  for (double const error : {0.05, 0.025, 1e-7})
    for (std::uint64_t const n : {1u, 7u, 60u, 400u})
      for (std::uint64_t k = 0; k <= n; k += 1 + n / 6) {
        CAPTURE(error, k, n);
        double const lower = census::clopper_pearson_lower(k, n, error),
                     upper = census::clopper_pearson_upper(k, n, error);
        if (k > 0) CHECK(binomial_sum(n, k, n, lower) == Approx(error).epsilon(1e-8));
        if (k < n) CHECK(binomial_sum(n, 0, k, upper) == Approx(error).epsilon(1e-8));
        CHECK((k > 0 || lower == 0));
        CHECK((k < n || upper == 1));
      }
}

TEST_CASE("Clopper and Pearson's bounds err at no share more often than was asked for") {
  for (std::uint64_t const n : {20u, 73u, 300u})
    for (double p = 0.005; p < 1; p += 0.01) {
      double misses_below = 0, misses_above = 0;
      for (std::uint64_t k = 0; k <= n; ++k) {
        if (census::clopper_pearson_lower(k, n, 0.025) > p) misses_below += binomial(n, k, p);
        if (census::clopper_pearson_upper(k, n, 0.025) < p) misses_above += binomial(n, k, p);
      }
      CHECK(misses_below <= 0.025 + 1e-12);
      CHECK(misses_above <= 0.025 + 1e-12);
    }
}

TEST_CASE("Clopper and Pearson's bounds of no trials are all shares, and what is no share is refused") {
  CHECK(census::clopper_pearson_lower(0, 0, 0.05) == 0);
  CHECK(census::clopper_pearson_upper(0, 0, 0.05) == 1);
  CHECK_THROWS_AS(census::clopper_pearson_lower(1, 2, 0.0), std::invalid_argument);
  CHECK_THROWS_AS(census::clopper_pearson_upper(3, 2, 0.5), std::invalid_argument);
}
