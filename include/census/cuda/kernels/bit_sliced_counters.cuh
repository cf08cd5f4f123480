// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// A full adder for each bit: `sum` takes in two more numbers of one bit each, what it cannot hold is returned.
__device__ __forceinline__ std::uint32_t full_add(std::uint32_t& sum, std::uint32_t a, std::uint32_t b) {
  std::uint32_t const one = sum ^ a, carry = (sum & a) | (one & b);
  sum = one ^ b;
  return carry;
}

/// One lane's counters of 32 neurons, bit-sliced: bit n of slice p is bit p of neuron n's count.
template <int Slices>
struct bit_sliced_counters {
  std::uint32_t slices[Slices] = {};

  /// Adds a number of one bit for each neuron, of weight 2^from.
  __device__ __forceinline__ void carry_into(int from, std::uint32_t carry) {
#pragma unroll
    for (int p = 0; p < Slices; ++p) {
      if (p < from) continue;
      std::uint32_t const both = slices[p] & carry;
      slices[p] ^= carry;
      carry = both;
    }
  }

  /// Adds the rows read(first) to read(last - 1), at most 2^Slices - 1 in all: by eights through a tree of adders, so
  /// that eight reads are under way at a time.
  template <class Read>
  __device__ __forceinline__ void add(std::uint32_t first, std::uint32_t last, Read const& read) {
    if constexpr (Slices >= 4)
      for (; last - first >= 8; first += 8) {
        std::uint32_t rows[8];
#pragma unroll
        for (int i = 0; i < 8; ++i) rows[i] = read(first + i);
        std::uint32_t const two1 = full_add(slices[0], rows[0], rows[1]), two2 = full_add(slices[0], rows[2], rows[3]);
        std::uint32_t const two3 = full_add(slices[0], rows[4], rows[5]), two4 = full_add(slices[0], rows[6], rows[7]);
        std::uint32_t const four1 = full_add(slices[1], two1, two2), four2 = full_add(slices[1], two3, two4);
        carry_into(3, full_add(slices[2], four1, four2));
      }
    if constexpr (Slices >= 2)
      for (; last - first >= 2; first += 2) {
        std::uint32_t const one = read(first), other = read(first + 1);
        carry_into(1, full_add(slices[0], one, other));
      }
    if (first != last) carry_into(0, read(first));
  }
};

}  // namespace census::cuda::kernels
