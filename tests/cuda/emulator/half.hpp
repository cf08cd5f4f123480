// SPDX-License-Identifier: MIT
// Test only: float16 and bfloat16 as CUDA names them, rounded to nearest even.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

struct __half {
  std::uint16_t bits;
};
struct __nv_bfloat16 {
  std::uint16_t bits;
};

inline float __half2float(__half value) {
  std::uint32_t const sign = std::uint32_t{value.bits & 0x8000u} << 16, rest = value.bits & 0x7fffu;
  if (rest >= 0x7c00u) return std::bit_cast<float>(sign | 0x7f800000u | (rest & 0x3ffu) << 13);
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(std::bit_cast<float>(rest << 13) * 0x1p112f));
}
inline __half __float2half_rn(float value) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(value);
  auto const sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
  float const size = std::fabs(value);
  if (size != size) return {0x7fff};
  if (size >= 65520.f) return {static_cast<std::uint16_t>(sign | 0x7c00u)};
  // Half precision's step at this size; rounding to a whole number of steps is what float's own addition does.
  int const exponent = size < 0x1p-14f ? -14 : std::ilogb(size);
  float const steps = std::nearbyint(std::ldexp(size, 10 - exponent));
  auto const magnitude = static_cast<std::uint32_t>(steps) + (static_cast<std::uint32_t>(exponent + 14) << 10);
  return {static_cast<std::uint16_t>(sign | magnitude)};
}
inline float __bfloat162float(__nv_bfloat16 value) { return std::bit_cast<float>(std::uint32_t{value.bits} << 16); }
inline __nv_bfloat16 __float2bfloat16_rn(float value) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) return {0x7fff};
  return {static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16)};
}
inline __half __float2half(float value) { return __float2half_rn(value); }
inline __nv_bfloat16 __float2bfloat16(float value) { return __float2bfloat16_rn(value); }
