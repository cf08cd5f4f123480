// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/ratio.hpp>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace census {

/// What a share may be, from a sample of it.
struct proportion_interval {
  double lower = 0, upper = 1;
};

namespace detail {
inline void check_proportion(std::uint64_t successes, std::uint64_t trials, double level) {
  if (successes > trials) throw std::invalid_argument("census: more successes than trials");
  if (!(level > 0 && level < 1)) throw std::invalid_argument("census: a confidence or error lies between 0 and 1");
}
}  // namespace detail

/// Wilson's two-sided interval: the shares p with (successes/trials − p)² <= z²·p(1−p)/trials. It covers p about as
/// often as it says, on average over p; at single p it may cover less. [0, 1] without trials. Throws
/// std::invalid_argument where successes exceed trials or the confidence is none.
inline proportion_interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95) {
  detail::check_proportion(successes, trials, confidence);
  if (trials == 0) return {};
  double const z = boost::math::quantile(boost::math::complement(boost::math::normal(), (1 - confidence) / 2));
  auto const n = static_cast<double>(trials), k = static_cast<double>(successes), rest = n - k;
  double const middle = k + z * z / 2, half = z * std::sqrt(k * rest / n + z * z / 4), whole = n + z * z;
  return {successes == 0 ? 0.0 : std::max(0.0, (middle - half) / whole),
          successes == trials ? 1.0 : std::min(1.0, (middle + half) / whole)};
}

/// Clopper and Pearson's lower bound: the share at which so many successes or more have probability `error`; the true
/// one is less with probability at most `error`, at every p. 0 without successes. Throws as wilson_interval does.
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

/// The fewest occurrences N at which firing on all of them speaks for a share: wilson_interval(N, N).lower >= share.
/// For 95 % of both it is 73 (paper, section 4.2: "supported"). Throws std::invalid_argument for a share of 1, which no
/// N supports.
inline std::uint64_t fewest_that_support(ratio share = {19, 20}, double confidence = 0.95) {
  if (share.numerator >= share.denominator)
    throw std::invalid_argument("census: no number of occurrences supports a share of 1");
  std::uint64_t below = 0, enough = 1;  // the bound rises with N
  while (wilson_interval(enough, enough, confidence).lower < share.value()) below = enough, enough *= 2;
  while (enough - below > 1) {
    std::uint64_t const middle = below + (enough - below) / 2;
    (wilson_interval(middle, middle, confidence).lower < share.value() ? below : enough) = middle;
  }
  return enough;
}

}  // namespace census
