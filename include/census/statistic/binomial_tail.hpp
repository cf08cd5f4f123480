// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/check_proportion.hpp>

#include <boost/math/special_functions/beta.hpp>

#include <cstdint>

namespace census {

/// The probability of so many successes or more in independent trials of this probability each: the p-value, one-sided,
/// of a share that is at least `probability`. It is at most an error just where Clopper and Pearson's lower bound of
/// that error is at least `probability`. Throws std::invalid_argument where successes exceed trials or the probability
/// is not between 0 and 1.
inline double binomial_upper_tail(std::uint64_t successes, std::uint64_t trials, double probability) {
  detail::check_proportion(successes, trials, probability);
  if (successes == 0) return 1;
  return boost::math::ibeta(static_cast<double>(successes), static_cast<double>(trials - successes + 1), probability);
}

/// The probability of so many successes or fewer, likewise.
inline double binomial_lower_tail(std::uint64_t successes, std::uint64_t trials, double probability) {
  detail::check_proportion(successes, trials, probability);
  if (successes == trials) return 1;
  return boost::math::ibetac(static_cast<double>(successes + 1), static_cast<double>(trials - successes), probability);
}

}  // namespace census
