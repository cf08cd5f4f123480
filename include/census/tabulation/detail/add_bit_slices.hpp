// SPDX-License-Identifier: MIT
#pragma once

#include <census/simd.hpp>
#include <census/tabulation/detail/stripe.hpp>

#include <cstddef>

namespace census::detail {

/// Adds bit-sliced counts, bit n of slice p being bit p of neuron n's count, to `words` * 64 cells.
/// No sum may pass what a cell holds.
template <std::size_t Slices, simd::cell Cell>
void add_bit_slices(stripe const* slices, Cell* cells, std::size_t words) {
  constexpr std::size_t lanes = simd::cell_vector<Cell>::lanes;
  for (std::size_t w = 0; w < words; ++w)
    for (std::size_t part = 0; part < 64; part += lanes, cells += lanes) {
      simd::cell_vector<Cell> sum(cells);
      for (std::size_t p = 0; p < Slices; ++p) sum.add_where(slices[p][w] >> part, static_cast<Cell>(1u << p));
      sum.store(cells);
    }
}

}  // namespace census::detail
