// SPDX-License-Identifier: MIT
#pragma once

#include <census/for_each_set_bit.hpp>
#include <census/model/detail/float_vector.hpp>
#include <census/model/matrix.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace census {

namespace detail {

// As many columns of row, from `first` on, as the vectors hold: row += constant + Σ values[n] · b[n], the sum in
// registers. How wide they are does not change a bit, for a column is summed by itself.
template <std::size_t Vectors>
void add_rows(std::span<float const> values, std::span<std::uint32_t const> rows, matrix_view<float const> b,
              std::span<float const> constant, std::size_t first, float* into) {
  float_vector sum[Vectors];
  for (std::size_t v = 0; v < Vectors; ++v) load_vector(constant.data() + first + vector_floats * v, sum[v]);
  for (std::uint32_t const n : rows) {
    float const value = values[n];
    float const* const row = b.data + n * b.stride + first;
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v) {
      float_vector part;
      load_vector(row + vector_floats * v, part);
      sum[v] += value * part;
    }
  }
  for (std::size_t v = 0; v < Vectors; ++v) {
    float_vector whole;
    load_vector(into + first + vector_floats * v, whole);
    whole += sum[v];
    std::memcpy(into + first + vector_floats * v, &whole, sizeof whole);
  }
}

}  // namespace detail

/// into [row, columns] += constant [columns] + a [row, depth] · b [depth, columns], of b only the rows whose bit is set
/// in the row's words of `not_zero` [row, (depth + 63) / 64]: bit n % 64 of word n / 64. Where all others of a are 0,
/// that is the product, summed in ascending order: a row's bits depend on that row alone. All rows start on 64 bytes
/// and are padded; the padding of `into` is written. `listed` is working memory.
inline void add_sparse_product(matrix_view<float const> a, std::span<std::uint64_t const> not_zero,
                               matrix_view<float const> b, std::span<float const> constant, matrix_view<float> into,
                               std::vector<std::uint32_t>& listed) {
  std::size_t const words = (a.columns + 63) / 64, columns = padded(into.columns);
  assert(a.columns == b.rows && b.columns == into.columns && not_zero.size() == a.rows * words);
  listed.resize(64 * words);
  for (std::size_t i = 0; i < a.rows; ++i) {
    std::size_t count = 0;
    for_each_set_bit(not_zero.subspan(i * words, words),
                     [&](std::size_t n) { listed[count++] = static_cast<std::uint32_t>(n); });
    std::span const rows(listed.data(), count);
    constexpr std::size_t at_once = 8;
    std::size_t first = 0;
    for (; first + at_once * detail::vector_floats <= columns; first += at_once * detail::vector_floats)
      detail::add_rows<at_once>(a.row(i), rows, b, constant, first, into.row(i).data());
    for (; first < columns; first += detail::vector_floats)
      detail::add_rows<1>(a.row(i), rows, b, constant, first, into.row(i).data());
  }
}

}  // namespace census
