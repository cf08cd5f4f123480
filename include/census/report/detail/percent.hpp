// SPDX-License-Identifier: MIT
#pragma once

#include <iomanip>
#include <ios>
#include <sstream>
#include <string>

namespace census::detail {

/// A share as people read it: in per cent, with two decimals.
inline std::string percent(double share) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << 100 * share << " %";
  return text.str();
}

}  // namespace census::detail
