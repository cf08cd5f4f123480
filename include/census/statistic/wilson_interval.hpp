// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/check_proportion.hpp>
#include <census/statistic/ratio.hpp>

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace census {

/// What a share may be, from a sample of it.
struct proportion_interval {
  double lower = 0, upper = 1;
};

/// Wilson's two-sided interval: the shares p with (successes/trials − p)² <= z²·p(1−p)/trials. It covers p about as
/// often as it says, on average over p; at single p it may cover less. [0, 1] without trials. Throws
/// std::invalid_argument where successes exceed trials or the confidence is none.
inline proportion_interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95) {
  detail::check_proportion(successes, trials, confidence);
  if (trials == 0) return {};
  double const z = std::numbers::sqrt2 * boost::math::erfc_inv(1 - confidence);
  auto const n = static_cast<double>(trials), k = static_cast<double>(successes), rest = n - k;
  double const middle = k + z * z / 2, half = z * std::sqrt(k * rest / n + z * z / 4), whole = n + z * z;
  return {successes == 0 ? 0.0 : std::max(0.0, (middle - half) / whole),
          successes == trials ? 1.0 : std::min(1.0, (middle + half) / whole)};
}

/// The fewest occurrences N at which firing on all of them speaks for a share: wilson_interval(N, N).lower >= share.
/// For 95 % of both it is 73 (paper, section 4.2: "supported"). A share of 1 is supported by no N, so it is the largest
/// number there is. Throws std::invalid_argument for a share above 1.
inline std::uint64_t fewest_that_support(ratio share = {19, 20}, double confidence = 0.95) {
  if (share.numerator > share.denominator) throw std::invalid_argument("census: no share of occurrences is above 1");
  if (share.numerator == share.denominator) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t below = 0, enough = 1;  // the bound rises with N
  while (wilson_interval(enough, enough, confidence).lower < share.value()) below = enough, enough *= 2;
  while (enough - below > 1) {
    std::uint64_t const middle = below + (enough - below) / 2;
    (wilson_interval(middle, middle, confidence).lower < share.value() ? below : enough) = middle;
  }
  return enough;
}

}  // namespace census
