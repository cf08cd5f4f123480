// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ios>
#include <sstream>
#include <string>

namespace census::detail {

/// A share in per cent, fit to be shown with so many decimals: what is not all of it is not rounded to 100.
inline double in_percent(double share, int decimals) {
  return share < 1 ? std::min(100 * share, 100 - std::pow(10.0, -decimals)) : 100 * share;
}

/// A share as people read it: in per cent, with two decimals unless told.
inline std::string percent(double share, int decimals = 2) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << in_percent(share, decimals) << " %";
  return text.str();
}

}  // namespace census::detail
