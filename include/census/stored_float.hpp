// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

namespace census {

/// How a floating-point number is stored.
enum class stored_float : std::uint8_t { float32, float16, bfloat16 };

/// The float32 of a float16's bits, exact, subnormals, infinities and NaN included; without a branch, so that loops
/// vectorise.
constexpr float from_float16(std::uint16_t bits) {
  float const scaled = std::bit_cast<float>(std::uint32_t{bits & 0x7fffu} << 13) * 0x1p112f;
  std::uint32_t const exponent = (bits & 0x7c00u) == 0x7c00u ? 0x7f800000u : 0u;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | exponent | std::uint32_t{bits & 0x8000u} << 16);
}

/// The float32 of a bfloat16's bits, exact.
constexpr float from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

}  // namespace census
