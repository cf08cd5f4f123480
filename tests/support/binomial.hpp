// SPDX-License-Identifier: MIT
// The binomial distribution, summed term by term.
#pragma once

#include <cmath>
#include <cstdint>

namespace census_test {

inline double binomial(std::uint64_t n, std::uint64_t k, double p) {
  if (p == 0 || p == 1) return (p == 0 ? k == 0 : k == n) ? 1 : 0;
  double const ways = std::lgamma(double(n) + 1) - std::lgamma(double(k) + 1) - std::lgamma(double(n - k) + 1);
  return std::exp(ways + double(k) * std::log(p) + double(n - k) * std::log1p(-p));
}

/// The probability of first .. last successes of n.
inline double binomial_sum(std::uint64_t n, std::uint64_t first, std::uint64_t last, double p) {
  double total = 0;
  for (std::uint64_t k = first; k <= last; ++k) total += binomial(n, k, p);
  return total;
}

}  // namespace census_test
