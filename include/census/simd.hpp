// SPDX-License-Identifier: MIT
// What is written for one kind of processor: packing floats, adding bits to cells, adding bits to bits. Everything else
// in census is plain C++ on these. AVX-512 (F and BW), AVX2, SSE2, or any processor, as the compiler may use them.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace census::simd {

/// Bytes of the widest vector that the compiler may keep in a register.
#if defined(__AVX512BW__)
inline constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX2__)
inline constexpr std::size_t vector_bytes = 32;
#else
inline constexpr std::size_t vector_bytes = 16;
#endif

/// What counts are kept in: cells of 8, 16 or 32 bits.
template <class T>
concept cell = std::same_as<T, std::uint8_t> || std::same_as<T, std::uint16_t> || std::same_as<T, std::uint32_t>;

/// 64 flags, each 0 or 1, as a word: flag n at bit n.
inline std::uint64_t gather_bits(std::array<std::uint32_t, 64> const& flags) {
  std::array<unsigned char, 64> bytes;
  for (std::size_t n = 0; n < 64; ++n) bytes[n] = static_cast<unsigned char>(flags[n]);
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

/// Adds `weight` to cell n of a vector where bit n is set. Bits past the last cell do not matter.
template <cell Cell>
__m512i add_where(std::uint64_t bits, __m512i cells, Cell weight) {
  if constexpr (sizeof(Cell) == 1)
    return _mm512_mask_add_epi8(cells, bits, cells, _mm512_set1_epi8(static_cast<char>(weight)));
  else if constexpr (sizeof(Cell) == 2)
    return _mm512_mask_add_epi16(cells, static_cast<__mmask32>(bits), cells,
                                 _mm512_set1_epi16(static_cast<short>(weight)));
  else
    return _mm512_mask_add_epi32(cells, static_cast<__mmask16>(bits), cells,
                                 _mm512_set1_epi32(static_cast<int>(weight)));
}

/// Adds numbers of `Slices` bits to `words` * 64 cells: bit n of slices[p] is bit p of what cell n takes in. No sum may
/// pass what a cell holds.
template <std::size_t Slices, std::size_t Words, cell Cell>
void add_bit_slices(std::array<std::uint64_t, Words> const* slices, Cell* cells, std::size_t words) {
  constexpr std::size_t lanes = vector_bytes / sizeof(Cell);
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t part = 0; part < 64; part += lanes, cells += lanes) {
      __m512i sum = _mm512_loadu_si512(cells);
      for (std::size_t p = 0; p < Slices; ++p) sum = add_where(slices[p][w] >> part, sum, static_cast<Cell>(1u << p));
      _mm512_storeu_si512(cells, sum);
    }
}

#else

#if defined(__AVX2__)

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

/// In byte n of 32 that byte of the lowest four which holds bit n.
inline void spread_bytes(std::uint64_t bits, void* into) {
  __m256i const byte_of_lane = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,  //
                                                2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  __m256i const spread = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(bits)), byte_of_lane);
  std::memcpy(into, &spread, sizeof spread);
}

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

/// In byte n of 16 that byte of the lowest two which holds bit n.
inline void spread_bytes(std::uint64_t bits, void* into) {
  __m128i const both = _mm_set1_epi16(static_cast<short>(bits));
  __m128i const spread = _mm_shufflehi_epi16(_mm_shufflelo_epi16(_mm_unpacklo_epi8(both, both), 0x00), 0x55);
  std::memcpy(into, &spread, sizeof spread);
}

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

/// In byte n of 16 that byte of the lowest two which holds bit n.
inline void spread_bytes(std::uint64_t bits, void* into) {
  constexpr std::uint64_t each_byte = 0x0101'0101'0101'0101u;
  std::uint64_t const spread[]{each_byte * (bits & 255), each_byte * (bits >> 8 & 255)};
  std::memcpy(into, spread, sizeof spread);
}

#endif

template <cell Cell>
struct cell_vector {
  using type [[gnu::vector_size(vector_bytes)]] = Cell;
  static constexpr std::size_t lanes = vector_bytes / sizeof(Cell);

  /// In lane n the bit of a cell at which spread() leaves bit n.
  static constexpr std::array<Cell, lanes> bit_of_lane = [] {
    std::array<Cell, lanes> bits{};
    for (std::size_t lane = 0; lane < lanes; ++lane) bits[lane] = static_cast<Cell>(1u << lane % (8 * sizeof(Cell)));
    return bits;
  }();

  /// In lane n those of the lowest bits among which bit n is.
  static void spread(std::uint64_t bits, type& into) {
    if constexpr (sizeof(Cell) == 1) {
      spread_bytes(bits, &into);
    } else {
      Cell const lowest = static_cast<Cell>(bits);
      into = type{} + lowest;
    }
  }
};

/// Adds numbers of `Slices` bits to `words` * 64 cells: bit n of slices[p] is bit p of what cell n takes in. No sum may
/// pass what a cell holds.
template <std::size_t Slices, std::size_t Words, cell Cell>
void add_bit_slices(std::array<std::uint64_t, Words> const* slices, Cell* cells, std::size_t words) {
  using vector = cell_vector<Cell>;
  typename vector::type own_bit;
  std::memcpy(&own_bit, vector::bit_of_lane.data(), sizeof own_bit);
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t part = 0; part < 64; part += vector::lanes, cells += vector::lanes) {
      typename vector::type sum;
      std::memcpy(&sum, cells, sizeof sum);
      for (std::size_t p = 0; p < Slices; ++p) {
        typename vector::type spread, set;
        vector::spread(slices[p][w] >> part, spread);
        auto const equal = (spread & own_bit) == own_bit;  // all ones, or none
        std::memcpy(&set, &equal, sizeof set);             // a cast of such vectors is not known to every compiler
        Cell const weight =
            static_cast<Cell>(1u << p);  // named, for with sanitizers g++ takes an expression for an int
        sum += set & weight;
      }
      std::memcpy(cells, &sum, sizeof sum);
    }
}

#endif

/// A full adder for each bit: `sum` takes in two more numbers of one bit each, what it cannot hold is returned.
template <std::size_t Words>
std::array<std::uint64_t, Words> full_add(std::array<std::uint64_t, Words>& sum,
                                          std::array<std::uint64_t, Words> const& a,
                                          std::array<std::uint64_t, Words> const& b) {
  std::array<std::uint64_t, Words> carry;
#if defined(__AVX512BW__)
  static_assert(Words % 8 == 0);
  for (std::size_t w = 0; w < Words; w += 8) {
    __m512i const s = _mm512_loadu_si512(&sum[w]), x = _mm512_loadu_si512(&a[w]), y = _mm512_loadu_si512(&b[w]);
    _mm512_storeu_si512(&carry[w], _mm512_ternarylogic_epi64(s, x, y, 0xe8));  // at least two of the three
    _mm512_storeu_si512(&sum[w], _mm512_ternarylogic_epi64(s, x, y, 0x96));    // an odd number of them
  }
#else
  for (std::size_t w = 0; w < Words; ++w) {
    std::uint64_t const one = sum[w] ^ a[w];
    carry[w] = (sum[w] & a[w]) | (one & b[w]);
    sum[w] = one ^ b[w];
  }
#endif
  return carry;
}

}  // namespace census::simd
