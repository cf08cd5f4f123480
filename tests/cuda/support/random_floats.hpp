// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace census_test {

/// Numbers from -1 up to 1.
inline std::vector<float> random_floats(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> made(count);
  for (float& value : made) value = static_cast<float>(random() >> 8) / (1 << 23) - 1;
  return made;
}

}  // namespace census_test
