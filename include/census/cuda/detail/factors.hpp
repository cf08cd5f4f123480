// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/forward_types.cuh>
#include <census/cuda/precision.hpp>
#include <census/model/matrix.hpp>
#include <census/parallel_loop.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace census::cuda::detail {

/// Rounds to IEEE half precision, to the nearest, ties to even, as a device does; what is beyond the largest becomes
/// infinite, NaN stays NaN.
inline std::uint16_t to_half(float value) {
  constexpr std::uint32_t least_normal = 0x38800000, infinite = 0x7f800000, beyond = 0x47800000;  // 2^-14; 2^16
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(value), sign = bits >> 16 & 0x8000u;
  std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > infinite) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (magnitude >= beyond) return static_cast<std::uint16_t>(sign | 0x7c00u);
  if (magnitude < least_normal) {  // a half's last bit is then worth 2^-24, as a float's is between 0.5 and 1
    magnitude =
        std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - std::bit_cast<std::uint32_t>(0.5f);
    return static_cast<std::uint16_t>(sign | magnitude);
  }
  magnitude += 0xfffu + (magnitude >> 13 & 1u);  // may carry into the exponent, up to infinity
  return static_cast<std::uint16_t>(sign | (magnitude - (112u << 23)) >> 13);
}

/// Rounds to bfloat16 likewise.
inline std::uint16_t to_bfloat16(float value) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

inline kernels::factor_type factor_type_of(precision p) {
  if (p == precision::half) return kernels::factor_type::float16;
  return p == precision::bfloat16 ? kernels::factor_type::bfloat16 : kernels::factor_type::float32;
}

/// Writes a row of values as factors, and zeros up to `width` of them. Returns whether all that are finite still are.
inline bool write_factors(std::span<float const> from, precision p, std::size_t width, std::byte* into) {
  std::memset(into, 0, width * factor_bytes(p));
  if (factor_bytes(p) == sizeof(float)) {
    std::ranges::copy(from, reinterpret_cast<float*>(into));
    return true;
  }
  auto* const rounded = reinterpret_cast<std::uint16_t*>(into);
  if (p == precision::half)
    std::ranges::transform(from, rounded, to_half);
  else
    std::ranges::transform(from, rounded, to_bfloat16);
  std::uint16_t const infinite = p == precision::half ? 0x7c00 : 0x7f80;
  return std::none_of(rounded, rounded + from.size(), [&](std::uint16_t f) { return (f & infinite) == infinite; });
}

/// The same of a matrix: into [rows, width] = from, and zeros in the rows that it does not have. Threads share the
/// work.
inline bool write_factors(matrix_view<float const> from, precision p, std::size_t rows, std::size_t width,
                          std::byte* into) {
  std::atomic<bool> finite = true;
  parallel_loop(std::size_t{0}, rows, [&](std::size_t i) {
    auto const row = i < from.rows ? from.row(i) : std::span<float const>{};
    if (!write_factors(row, p, width, into + i * width * factor_bytes(p))) finite = false;
  });
  return finite;
}

}  // namespace census::cuda::detail
