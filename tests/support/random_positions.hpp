// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/position_set.hpp>

#include <cstdint>
#include <random>

namespace census_test {

/// Each position with a chance of one in so many.
inline census::detail::position_set random_positions(std::uint32_t positions, std::mt19937& random, unsigned one_in) {
  census::detail::position_set set(positions);
  for (std::uint32_t p = 0; p < positions; ++p)
    if (random() % one_in == 0) set.add(p, p + 1);
  return set;
}

}  // namespace census_test
