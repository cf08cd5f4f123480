// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>

namespace census::detail {

/// Throws std::invalid_argument unless a share can be judged from so many successes at this confidence or error.
inline void check_proportion(std::uint64_t successes, std::uint64_t trials, double level) {
  if (successes > trials) throw std::invalid_argument("census: more successes than trials");
  if (!(level > 0 && level < 1)) throw std::invalid_argument("census: a confidence or error lies between 0 and 1");
}

}  // namespace census::detail
