// SPDX-License-Identifier: MIT
// What is written for one kind of processor about floats: comparing them, and gathering those that bits name. AVX-512
// (F and BW), AVX2, SSE2, or any processor, as the compiler may use them.
#pragma once

#include <census/simd.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace census::simd {

#if defined(__AVX512BW__)

/// Compares floats with a threshold, 64 at a time.
class float_comparison {
 public:
  explicit float_comparison(float threshold) : threshold_(_mm512_set1_ps(threshold)) {}

  /// Which of 64 values are above the threshold, value n at bit n.
  std::uint64_t above(float const* values) {
    __m512 const a = _mm512_loadu_ps(values), b = _mm512_loadu_ps(values + 16);
    __m512 const c = _mm512_loadu_ps(values + 32), d = _mm512_loadu_ps(values + 48);
    unordered_ |= _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q) | _mm512_cmp_ps_mask(c, d, _CMP_UNORD_Q);
    return std::uint64_t{_mm512_cmp_ps_mask(a, threshold_, _CMP_GT_OQ)} |
           std::uint64_t{_mm512_cmp_ps_mask(b, threshold_, _CMP_GT_OQ)} << 16 |
           std::uint64_t{_mm512_cmp_ps_mask(c, threshold_, _CMP_GT_OQ)} << 32 |
           std::uint64_t{_mm512_cmp_ps_mask(d, threshold_, _CMP_GT_OQ)} << 48;
  }

  /// Whether one of the values compared so far was NaN.
  bool met_nan() const { return unordered_ != 0; }

 private:
  __m512 threshold_;
  __mmask16 unordered_ = 0;
};

#elif defined(__AVX2__)

/// Compares floats with a threshold, 64 at a time.
class float_comparison {
 public:
  explicit float_comparison(float threshold) : threshold_(_mm256_set1_ps(threshold)) {}

  /// Which of 64 values are above the threshold, value n at bit n.
  std::uint64_t above(float const* values) {
    std::uint64_t word = 0;
    for (int part = 0; part < 64; part += 16, values += 16) {
      __m256 const a = _mm256_loadu_ps(values), b = _mm256_loadu_ps(values + 8);
      unordered_ = _mm256_or_ps(unordered_, _mm256_cmp_ps(a, b, _CMP_UNORD_Q));
      auto const low = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(a, threshold_, _CMP_GT_OQ)));
      auto const high = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(b, threshold_, _CMP_GT_OQ)));
      word |= std::uint64_t{low | high << 8} << part;
    }
    return word;
  }

  /// Whether one of the values compared so far was NaN.
  bool met_nan() const { return _mm256_movemask_ps(unordered_) != 0; }

 private:
  __m256 threshold_, unordered_ = _mm256_setzero_ps();
};

#elif defined(__SSE2__)

/// Compares floats with a threshold, 64 at a time.
class float_comparison {
 public:
  explicit float_comparison(float threshold) : threshold_(_mm_set1_ps(threshold)) {}

  /// Which of 64 values are above the threshold, value n at bit n.
  std::uint64_t above(float const* values) {
    auto const fires = [&](__m128 four) { return _mm_castps_si128(_mm_cmpgt_ps(four, threshold_)); };
    std::uint64_t word = 0;
    for (int part = 0; part < 64; part += 16, values += 16) {
      __m128 const a = _mm_loadu_ps(values), b = _mm_loadu_ps(values + 4);
      __m128 const c = _mm_loadu_ps(values + 8), d = _mm_loadu_ps(values + 12);
      unordered_ = _mm_or_ps(unordered_, _mm_or_ps(_mm_cmpunord_ps(a, b), _mm_cmpunord_ps(c, d)));
      __m128i const bytes = _mm_packs_epi16(_mm_packs_epi32(fires(a), fires(b)), _mm_packs_epi32(fires(c), fires(d)));
      word |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(bytes))} << part;
    }
    return word;
  }

  /// Whether one of the values compared so far was NaN.
  bool met_nan() const { return _mm_movemask_ps(unordered_) != 0; }

 private:
  __m128 threshold_, unordered_ = _mm_setzero_ps();
};

#else

/// Compares floats with a threshold, 64 at a time.
class float_comparison {
 public:
  explicit float_comparison(float threshold) : threshold_(threshold) {}

  /// Which of 64 values are above the threshold, value n at bit n.
  std::uint64_t above(float const* values) {
    std::array<std::uint32_t, 64> flags;  // as wide as values, so that the loops become vector code
    for (std::size_t n = 0; n < 64; ++n) unordered_ |= values[n] != values[n] ? 1u : 0u;
    for (std::size_t n = 0; n < 64; ++n) flags[n] = values[n] > threshold_ ? 1 : 0;
    return gather_bits(flags);
  }

  /// Whether one of the values compared so far was NaN.
  bool met_nan() const { return unordered_ != 0; }

 private:
  float threshold_;
  std::uint32_t unordered_ = 0;
};

#endif

/// Writes those of 64 values whose bits are set one behind the other; returns where the next would go. Of others
/// neither a value is read nor a place written.
inline float* compress(std::uint64_t bits, float const* values, float* into) {
#if defined(__AVX512BW__)
  for (int part = 0; bits != 0; bits >>= 16, part += 16) {
    auto const set = static_cast<__mmask16>(bits);
    int const count = std::popcount(set);
    _mm512_mask_storeu_ps(into, static_cast<__mmask16>((1u << count) - 1),
                          _mm512_maskz_compress_ps(set, _mm512_maskz_loadu_ps(set, values + part)));
    into += count;
  }
#else
  for (; bits != 0; bits &= bits - 1) *into++ = values[std::countr_zero(bits)];
#endif
  return into;
}

/// Takes values into 64 maxima, those whose bits are set: their values lie one behind the other. Where one is larger
/// than its maximum, it takes its place, and `row` that in `rows`. Returns where the values end.
inline float const* take_larger(std::uint64_t bits, float const* values, std::uint32_t row, float* maxima,
                                std::uint32_t* rows) {
#if defined(__AVX512BW__)
  for (; bits != 0; bits >>= 16, maxima += 16, rows += 16) {
    auto const set = static_cast<__mmask16>(bits);
    int const count = std::popcount(set);
    __m512 const spread =
        _mm512_maskz_expand_ps(set, _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), values));
    __mmask16 const larger = _mm512_mask_cmp_ps_mask(set, spread, _mm512_loadu_ps(maxima), _CMP_GT_OQ);
    _mm512_mask_storeu_ps(maxima, larger, spread);
    _mm512_mask_storeu_epi32(rows, larger, _mm512_set1_epi32(static_cast<int>(row)));
    values += count;
  }
#else
  for (; bits != 0; bits &= bits - 1, ++values) {
    int const n = std::countr_zero(bits);
    bool const is_larger = *values > maxima[n];
    maxima[n] = is_larger ? *values : maxima[n];
    rows[n] = is_larger ? row : rows[n];
  }
#endif
  return values;
}

}  // namespace census::simd
