// SPDX-License-Identifier: MIT
// Values of firings alone, on vectors of eight (AVX2) where the compiler may use them and enough neurons fire.
#pragma once

#include <census/for_each_set_bit.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace census::simd {

#if defined(__AVX2__)

namespace detail {

// Of 64 as many have to fire: where fewer do, one by one is faster.
inline constexpr int worth_compressing = 12, worth_comparing = 16;

/// For each pattern of eight bits [pattern][lane].
using lane_table = std::array<std::array<std::uint8_t, 8>, 256>;

/// First the lanes whose bits are set.
inline constexpr lane_table set_lanes = [] {
  lane_table lanes{};
  for (unsigned pattern = 0; pattern < 256; ++pattern)
    for (unsigned lane = 0, set = 0; lane < 8; ++lane)
      if ((pattern >> lane & 1) != 0) lanes[pattern][set++] = static_cast<std::uint8_t>(lane);
  return lanes;
}();

/// How many bits are set below a lane's own.
inline constexpr lane_table set_below = [] {
  lane_table below{};
  for (unsigned pattern = 0; pattern < 256; ++pattern)
    for (unsigned lane = 0, set = 0; lane < 8; ++lane) {
      below[pattern][lane] = static_cast<std::uint8_t>(set % 8);
      set += pattern >> lane & 1;
    }
  return below;
}();

/// In lane n the value of that lane which the table names there.
inline __m256 permute(__m256 values, std::array<std::uint8_t, 8> const& lanes) {
  __m128i const bytes = _mm_loadl_epi64(reinterpret_cast<__m128i const*>(lanes.data()));
  return _mm256_permutevar8x32_ps(values, _mm256_cvtepu8_epi32(bytes));
}

/// The first `count` of up to eight values; what lies behind them is not read.
inline __m256 load_first(float const* values, int count) {
  static constexpr std::array<std::int32_t, 16> window{-1, -1, -1, -1, -1, -1, -1, -1};
  std::int32_t const* const mask = window.data() + 8 - count;
  return _mm256_maskload_ps(values, _mm256_loadu_si256(reinterpret_cast<__m256i const*>(mask)));
}

}  // namespace detail

#endif

/// Copies those of 64 values whose bit is set, one behind the other, and returns the end of the copies. Up to eight
/// floats behind it are written, too.
inline float* compress(float const* values, std::uint64_t bits, float* into) {
#if defined(__AVX2__)
  if (std::popcount(bits) >= detail::worth_compressing) {
    for (int part = 0; part < 64; part += 8, values += 8) {
      auto const pattern = static_cast<std::uint8_t>(bits >> part);
      _mm256_storeu_ps(into, detail::permute(_mm256_loadu_ps(values), detail::set_lanes[pattern]));
      into += std::popcount(pattern);
    }
    return into;
  }
#endif
  float* const end = into + std::popcount(bits);
  for (; into < end; into += 4)  // four, needless ones too: a loop whose end cannot be foreseen takes longer
    for (std::size_t i = 0; i < 4; ++i, bits &= bits - 1) into[i] = values[std::countr_zero(bits) % 64];
  return end;
}

/// Raises those of 64 numbers whose bit is set to the values given for them, one behind the other, where these are
/// larger; NaN is not. Returns which were raised, number n at bit n.
inline std::uint64_t raise(float* numbers, std::uint64_t bits, float const* values) {
  std::uint64_t raised = 0;
#if defined(__AVX2__)
  if (std::popcount(bits) >= detail::worth_comparing) {
    for (int part = 0; part < 64; part += 8, numbers += 8) {
      auto const pattern = static_cast<std::uint8_t>(bits >> part);
      int const count = std::popcount(pattern);
      __m256 const given = detail::permute(detail::load_first(values, count), detail::set_below[pattern]);
      __m256 const larger = _mm256_cmp_ps(given, _mm256_loadu_ps(numbers), _CMP_GT_OQ);
      if (auto const which = static_cast<unsigned>(_mm256_movemask_ps(larger)) & pattern; which != 0) {
        std::array<float, 8> each;
        _mm256_storeu_ps(each.data(), given);
        for_each_set_bit(which, [&](std::size_t n) { numbers[n] = each[n]; });
        raised |= std::uint64_t{which} << part;
      }
      values += count;
    }
    return raised;
  }
#endif
  for_each_set_bit(bits, [&](std::size_t n) {
    float const value = *values++;
    if (!(value > numbers[n])) return;
    numbers[n] = value;
    raised |= std::uint64_t{1} << n;
  });
  return raised;
}

}  // namespace census::simd
