// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ios>
#include <sstream>
#include <string>

namespace census::detail {

/// A share in per cent, fit to be shown with so many decimals: what is not all of it is not rounded to 100, nor what is
/// some of it to 0.
inline double in_percent(double share, int decimals) {
  double const least = std::pow(10.0, -decimals);
  return share > 0 && share < 1 ? std::clamp(100 * share, least, 100 - least) : 100 * share;
}

/// A share as people read it: in per cent, with two decimals unless told.
inline std::string percent(double share, int decimals = 2) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << in_percent(share, decimals) << " %";
  return text.str();
}

}  // namespace census::detail
