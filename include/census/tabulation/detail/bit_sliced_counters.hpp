// SPDX-License-Identifier: MIT
#pragma once

#include <census/simd.hpp>
#include <census/tabulation/detail/stripe.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace census::detail {

/// A half adder for each neuron.
inline stripe half_add(stripe& sum, stripe const& a) {
  stripe carry;
  for (std::size_t w = 0; w < stripe_words; ++w) {
    carry[w] = sum[w] & a[w];
    sum[w] ^= a[w];
  }
  return carry;
}

/// Counters of up to 255 rows, bit-sliced: bit n of slice p is bit p of neuron n's count.
class bit_sliced_counters {
 public:
  static constexpr std::size_t most_rows = 255;

  void add(stripe carry) {
    for (std::size_t p = 0; p < slices_.size(); ++p) {
      std::uint64_t any = 0;
      for (std::size_t w = 0; w < stripe_words; ++w) {
        std::uint64_t const both = slices_[p][w] & carry[w];
        slices_[p][w] ^= carry[w];
        carry[w] = both;
        any |= both;
      }
      if (any == 0) return;
    }
  }

  /// Adds the rows read(first) to read(last - 1), by eights through a tree of adders.
  template <class Read>
  void add(std::size_t first, std::size_t last, Read const& read) {
    auto& [ones, twos, fours, eights, a, b, c, d] = slices_;
    for (; last - first >= 8; first += 8) {
      stripe const two1 = simd::full_add(ones, read(first), read(first + 1));
      stripe const two2 = simd::full_add(ones, read(first + 2), read(first + 3));
      stripe const four1 = simd::full_add(twos, two1, two2);
      stripe const two3 = simd::full_add(ones, read(first + 4), read(first + 5));
      stripe const two4 = simd::full_add(ones, read(first + 6), read(first + 7));
      stripe const four2 = simd::full_add(twos, two3, two4);
      carry_into(3, simd::full_add(fours, four1, four2));
    }
    for (; last - first >= 2; first += 2) carry_into(1, simd::full_add(ones, read(first), read(first + 1)));
    if (first != last) carry_into(0, read(first));
  }

  /// The neurons whose count is `count`, a bit each.
  stripe equal_to(unsigned count) const {
    stripe equal;
    equal.fill(~std::uint64_t{0});
    for (std::size_t p = 0; p < slices_.size(); ++p)
      for (std::size_t w = 0; w < stripe_words; ++w) equal[w] &= (count >> p & 1) != 0 ? slices_[p][w] : ~slices_[p][w];
    return equal;
  }

  std::uint32_t count(std::size_t neuron) const {
    std::uint32_t sum = 0;
    for (std::size_t p = 0; p < slices_.size(); ++p)
      sum += static_cast<std::uint32_t>(slices_[p][neuron / 64] >> (neuron % 64) & 1) << p;
    return sum;
  }

  /// Adds the counts to `words` * 64 cells.
  template <simd::cell Cell>
  void add_to(Cell* cells, std::size_t words) const {
    std::uint64_t high = 0;
    for (std::size_t p = 4; p < slices_.size(); ++p)
      for (std::uint64_t const word : slices_[p]) high |= word;
    if (high == 0)
      simd::add_bit_slices<4>(slices_.data(), cells, words);
    else
      simd::add_bit_slices<8>(slices_.data(), cells, words);
  }

 private:
  void carry_into(std::size_t slice, stripe carry) {
    for (; slice < slices_.size(); ++slice) carry = half_add(slices_[slice], carry);
  }

  std::array<stripe, 8> slices_{};
};

/// Adds rows read(first) to read(last - 1) to `words` * 64 cells. What fires in them does not matter to its time.
template <class Read, simd::cell Cell>
void count_rows(std::size_t first, std::size_t last, Read const& read, Cell* cells, std::size_t words) {
  if (last - first == 1) {
    stripe const row = read(first);
    simd::add_bit_slices<1>(&row, cells, words);
  } else if (last - first < 8) {
    std::array<stripe, 3> slices{};
    bool const three = last - first > 3;
    for (; last - first >= 2; first += 2) {
      stripe const fours = half_add(slices[1], simd::full_add(slices[0], read(first), read(first + 1)));
      half_add(slices[2], fours);
    }
    if (first != last) half_add(slices[2], half_add(slices[1], half_add(slices[0], read(first))));
    if (three)
      simd::add_bit_slices<3>(slices.data(), cells, words);
    else
      simd::add_bit_slices<2>(slices.data(), cells, words);
  } else {
    while (first != last) {
      bit_sliced_counters counters;
      std::size_t const end = std::min(last, first + bit_sliced_counters::most_rows);
      counters.add(first, end, read);
      counters.add_to(cells, words);
      first = end;
    }
  }
}

}  // namespace census::detail
