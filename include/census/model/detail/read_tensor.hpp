// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/detail/expected_tensors.hpp>
#include <census/model/matrix.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace census::detail {

/// The one way to a tensor's values: elements `first` ... in float32. They are looked at once they are in the cache, so
/// that memory is read once. Throws bad_input naming the tensor where one is NaN or infinite.
inline void read_floats(tensor const& t, std::size_t first, std::span<float> into) {
  constexpr std::size_t tile = 4096;
  for (std::size_t begin = 0; begin < into.size(); begin += tile) {
    auto const part = into.subspan(begin, std::min(tile, into.size() - begin));
    to_float32(t, first + begin, part);
    unsigned unusable = 0;
    for (float const value : part) unusable |= (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) == 0x7f800000u;
    if (unusable != 0) refuse_tensor(t, "holds a value that is NaN or infinite");
  }
}

/// into [m, n] = columns first_column ... of the tensor [m, all].
inline void read_rows(tensor const& stored, std::size_t first_column, matrix_view<float> into) {
  std::size_t const all = stored.shape.back();
  for (std::size_t i = 0; i < into.rows; ++i) read_floats(stored, i * all + first_column, into.row(i));
}

/// into [n, m] = rows first_row ... of the tensor [all, n], turned in blocks that the cache holds.
inline void read_transposed(tensor const& stored, std::size_t first_row, matrix_view<float> into) {
  constexpr std::size_t rows = 64, columns = 256;
  padded_matrix block(rows, columns + 16);  // no power of two from row to row, so that a column's values find a place
  for (std::size_t first = 0; first < into.columns; first += rows)
    for (std::size_t n = 0; n < into.rows; n += columns) {
      std::size_t const count = std::min(rows, into.columns - first), wide = std::min(columns, into.rows - n);
      for (std::size_t i = 0; i < count; ++i)
        read_floats(stored, (first_row + first + i) * into.rows + n, block.row(i).first(wide));
      for (std::size_t j = 0; j < wide; ++j)
        for (std::size_t i = 0; i < count; ++i) into.row(n + j)[first + i] = block.row(i)[j];
    }
}

}  // namespace census::detail
