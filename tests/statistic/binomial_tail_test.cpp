// SPDX-License-Identifier: MIT
#include <census/statistic/binomial_tail.hpp>

#include <support/binomial.hpp>
#include <support/catch.hpp>

#include <stdexcept>

TEST_CASE("the tails of a binomial distribution are the sums of its probabilities") {
  for (std::uint64_t const n : {0u, 1u, 7u, 60u})
    for (std::uint64_t k = 0; k <= n; ++k)
      for (double const p : {0.001, 0.3, 0.95}) {
        CAPTURE(n, k, p);
        CHECK(census::binomial_upper_tail(k, n, p) == Approx(census_test::binomial_sum(n, k, n, p)).epsilon(1e-9));
        CHECK(census::binomial_lower_tail(k, n, p) == Approx(census_test::binomial_sum(n, 0, k, p)).epsilon(1e-9));
      }
  CHECK_THROWS_AS(census::binomial_upper_tail(3, 2, 0.5), std::invalid_argument);
  CHECK_THROWS_AS(census::binomial_lower_tail(1, 2, 1.5), std::invalid_argument);
}
