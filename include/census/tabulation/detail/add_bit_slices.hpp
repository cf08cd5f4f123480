// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/stripe.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace census::detail {

/// What counts are kept in: cells of 8, 16 or 32 bits.
template <class T>
concept cell = std::same_as<T, std::uint8_t> || std::same_as<T, std::uint16_t> || std::same_as<T, std::uint32_t>;

#if defined(__AVX512BW__)

/// Adds bit-sliced counts, bit n of slice p being bit p of neuron n's count, to `words` * 64 cells.
/// No sum may pass what a cell holds.
template <std::size_t Slices, cell Cell>
void add_bit_slices(stripe const* slices, Cell* cells, std::size_t words) {
  constexpr std::size_t lanes = 64 / sizeof(Cell);
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t part = 0; part < 64; part += lanes, cells += lanes) {
      __m512i sum = _mm512_loadu_si512(cells);
      for (std::size_t p = 0; p < Slices; ++p) {
        std::uint64_t const bits = slices[p][w] >> part;
        if constexpr (sizeof(Cell) == 1)
          sum = _mm512_mask_add_epi8(sum, bits, sum, _mm512_set1_epi8(static_cast<char>(1u << p)));
        else if constexpr (sizeof(Cell) == 2)
          sum = _mm512_mask_add_epi16(sum, static_cast<__mmask32>(bits), sum, _mm512_set1_epi16(1 << p));
        else
          sum = _mm512_mask_add_epi32(sum, static_cast<__mmask16>(bits), sum, _mm512_set1_epi32(1 << p));
      }
      _mm512_storeu_si512(cells, sum);
    }
}

#else

#if defined(__AVX2__)
inline constexpr std::size_t cell_vector_bytes = 32;
#else
inline constexpr std::size_t cell_vector_bytes = 16;
#endif
template <cell Cell>
inline constexpr std::size_t cell_lanes = cell_vector_bytes / sizeof(Cell);
template <cell Cell>
using cell_vector [[gnu::vector_size(cell_vector_bytes)]] = Cell;  // as a template argument it would be a scalar
static_assert(sizeof(cell_vector<std::uint8_t>) == cell_vector_bytes);

/// Lane n is 1 << n % the bits of a cell.
template <cell Cell>
inline constexpr auto lane_bits = [] {
  std::array<Cell, cell_lanes<Cell>> bits{};
  for (std::size_t lane = 0; lane < bits.size(); ++lane)
    bits[lane] = static_cast<Cell>(1u << lane % (8 * sizeof(Cell)));
  return bits;
}();

/// In lane n that part of the lowest cell_lanes bits that holds bit n, at the place of its lane bit.
template <cell Cell>
void spread_bits(std::uint64_t bits, cell_vector<Cell>& into) {
  if constexpr (sizeof(Cell) > 1) {
    Cell const part = static_cast<Cell>(bits);
    into = cell_vector<Cell>{} + part;
  } else {
#if defined(__AVX2__)
    __m256i const byte_of_lane = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,  //
                                                  2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    __m256i const spread = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(bits)), byte_of_lane);
#elif defined(__SSE2__)
    __m128i const both = _mm_set1_epi16(static_cast<short>(bits));
    __m128i const spread = _mm_shufflehi_epi16(_mm_shufflelo_epi16(_mm_unpacklo_epi8(both, both), 0x00), 0x55);
#else
    constexpr std::uint64_t each_byte = 0x0101'0101'0101'0101u;
    std::uint64_t const spread[]{each_byte * (bits & 255), each_byte * (bits >> 8 & 255)};
#endif
    static_assert(sizeof spread == sizeof into);
    std::memcpy(&into, &spread, sizeof into);
  }
}

/// Adds bit-sliced counts, bit n of slice p being bit p of neuron n's count, to `words` * 64 cells.
/// No sum may pass what a cell holds.
template <std::size_t Slices, cell Cell>
void add_bit_slices(stripe const* slices, Cell* cells, std::size_t words) {
  cell_vector<Cell> own_bit;
  std::memcpy(&own_bit, lane_bits<Cell>.data(), sizeof own_bit);
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t part = 0; part < 64; part += cell_lanes<Cell>, cells += cell_lanes<Cell>) {
      cell_vector<Cell> sum;
      std::memcpy(&sum, cells, sizeof sum);
      for (std::size_t p = 0; p < Slices; ++p) {
        cell_vector<Cell> spread;
        spread_bits<Cell>(slices[p][w] >> part, spread);
        auto const set = reinterpret_cast<cell_vector<Cell>>((spread & own_bit) == own_bit);  // all ones, or none
        Cell const weight = static_cast<Cell>(1u << p);
        sum += set & weight;
      }
      std::memcpy(cells, &sum, sizeof sum);
    }
}

#endif

}  // namespace census::detail
