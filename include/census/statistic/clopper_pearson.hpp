// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/check_proportion.hpp>

#include <boost/math/special_functions/beta.hpp>

#include <cstdint>

namespace census {

/// Clopper and Pearson's lower bound: the share at which so many successes or more have probability `error`; the true
/// one is less with probability at most `error`, at every p. 0 without successes. Throws
/// std::invalid_argument where successes exceed trials or the error is none.
inline double clopper_pearson_lower(std::uint64_t successes, std::uint64_t trials, double error) {
  detail::check_proportion(successes, trials, error);
  if (successes == 0) return 0;
  return boost::math::ibeta_inv(static_cast<double>(successes), static_cast<double>(trials - successes + 1), error);
}

/// Their upper bound: the share at which so many successes or fewer have probability `error`; the true one is more with
/// probability at most `error`. 1 where all trials succeed. Throws as wilson_interval does.
inline double clopper_pearson_upper(std::uint64_t successes, std::uint64_t trials, double error) {
  detail::check_proportion(successes, trials, error);
  if (successes == trials) return 1;
  return boost::math::ibetac_inv(static_cast<double>(successes + 1), static_cast<double>(trials - successes), error);
}

}  // namespace census
