// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace census::detail {

/// The lowest bit of each of 64 bytes that are 0 or 1, byte n at bit n.
inline std::uint64_t gather_bits(std::array<unsigned char, 64> const& bytes) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (std::size_t part = 0; part < 8; ++part) {
      std::uint64_t eight;
      std::memcpy(&eight, &bytes[part * 8], 8);
      word |= (eight * 0x0102'0408'1020'4080u >> 56) << part * 8;
    }
  } else {
    for (std::size_t bit = 0; bit < 64; ++bit) word |= std::uint64_t{bytes[bit]} << bit;
  }
  return word;
}

/// Packs `count` values, at most 64, into one word by any predicate. Returns false where a value is NaN; the predicate
/// is not asked about it.
template <class Fires>
bool pack_word(float const* values, std::size_t count, std::uint64_t& word, Fires const& fires) {
  int unordered = 0;
  for (std::size_t n = 0; n < count; ++n) unordered |= values[n] != values[n] ? 1 : 0;
  if (unordered != 0) return false;
  std::array<std::uint32_t, 64> fired{};  // as wide as values, so that the loop vectorises where the predicate does
  for (std::size_t n = 0; n < count; ++n) fired[n] = fires(values[n]) ? 1 : 0;
  std::array<unsigned char, 64> bytes;
  for (std::size_t n = 0; n < 64; ++n) bytes[n] = static_cast<unsigned char>(fired[n]);
  word = gather_bits(bytes);
  return true;
}

/// Asks for the 64 values that lie 8 KiB ahead, for packing waits for memory alone; in such a way that they do not
/// drive out what the caches hold. There may be none, which does no harm.
inline void prefetch_ahead(float const* values) {
#if defined(__GNUC__)
  auto const ahead = reinterpret_cast<std::uintptr_t>(values) + 8192;
  for (std::uintptr_t line = 0; line < 256; line += 64)
    __builtin_prefetch(reinterpret_cast<void const*>(ahead + line), 0, 0);
#endif
}

/// Packs whole words, 64 values each, by comparing with a threshold. Returns false where a value is NaN.
#if defined(__AVX512F__)
inline bool pack_words_above(float const* values, std::size_t words, float threshold, std::uint64_t* packed) {
  __m512 const least = _mm512_set1_ps(threshold);
  __mmask16 unordered = 0;
  for (std::size_t w = 0; w < words; ++w, values += 64) {
    prefetch_ahead(values);
    __m512 const a = _mm512_loadu_ps(values), b = _mm512_loadu_ps(values + 16);
    __m512 const c = _mm512_loadu_ps(values + 32), d = _mm512_loadu_ps(values + 48);
    unordered |= _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q) | _mm512_cmp_ps_mask(c, d, _CMP_UNORD_Q);
    packed[w] = std::uint64_t{_mm512_cmp_ps_mask(a, least, _CMP_GT_OQ)} |
                std::uint64_t{_mm512_cmp_ps_mask(b, least, _CMP_GT_OQ)} << 16 |
                std::uint64_t{_mm512_cmp_ps_mask(c, least, _CMP_GT_OQ)} << 32 |
                std::uint64_t{_mm512_cmp_ps_mask(d, least, _CMP_GT_OQ)} << 48;
  }
  return unordered == 0;
}
#elif defined(__AVX2__)
inline bool pack_words_above(float const* values, std::size_t words, float threshold, std::uint64_t* packed) {
  __m256 const least = _mm256_set1_ps(threshold);
  __m256 unordered = _mm256_setzero_ps();
  for (std::size_t w = 0; w < words; ++w) {
    prefetch_ahead(values);
    std::uint64_t word = 0;
    for (int part = 0; part < 64; part += 16, values += 16) {
      __m256 const a = _mm256_loadu_ps(values), b = _mm256_loadu_ps(values + 8);
      unordered = _mm256_or_ps(unordered, _mm256_cmp_ps(a, b, _CMP_UNORD_Q));
      auto const low = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(a, least, _CMP_GT_OQ)));
      auto const high = static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(b, least, _CMP_GT_OQ)));
      word |= std::uint64_t{low | high << 8} << part;
    }
    packed[w] = word;
  }
  return _mm256_movemask_ps(unordered) == 0;
}
#elif defined(__SSE2__)
inline bool pack_words_above(float const* values, std::size_t words, float threshold, std::uint64_t* packed) {
  __m128 const least = _mm_set1_ps(threshold);
  __m128 unordered = _mm_setzero_ps();
  for (std::size_t w = 0; w < words; ++w) {
    prefetch_ahead(values);
    std::uint64_t word = 0;
    for (int part = 0; part < 64; part += 16, values += 16) {
      __m128 const a = _mm_loadu_ps(values), b = _mm_loadu_ps(values + 4);
      __m128 const c = _mm_loadu_ps(values + 8), d = _mm_loadu_ps(values + 12);
      unordered = _mm_or_ps(unordered, _mm_or_ps(_mm_cmpunord_ps(a, b), _mm_cmpunord_ps(c, d)));
      auto const fires = [&](__m128 four) { return _mm_castps_si128(_mm_cmpgt_ps(four, least)); };
      __m128i const bytes = _mm_packs_epi16(_mm_packs_epi32(fires(a), fires(b)), _mm_packs_epi32(fires(c), fires(d)));
      word |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(bytes))} << part;
    }
    packed[w] = word;
  }
  return _mm_movemask_ps(unordered) == 0;
}
#else
inline bool pack_words_above(float const* values, std::size_t words, float threshold, std::uint64_t* packed) {
  bool ordered = true;
  for (std::size_t w = 0; w < words; ++w)
    ordered &= pack_word(values + w * 64, 64, packed[w], [threshold](float value) { return value > threshold; });
  return ordered;
}
#endif

}  // namespace census::detail
