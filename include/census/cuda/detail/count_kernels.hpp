// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/launch.hpp>
#include <census/cuda/detail/warps_of_row.hpp>
#include <census/cuda/kernels/count_types.cuh>

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace census::cuda {

namespace kernels {
// As kernels/count.cuh and kernels/prepare.cuh define and explain them.
void count(std::uint32_t const* firings, std::uint32_t words, std::uint32_t const* order, counted_piece const* pieces);
void prepare(prepared_row const* rows, std::uint32_t neurons);
}  // namespace kernels

namespace detail {

/// Into how many pieces append_pieces cuts so many rows.
constexpr std::size_t pieces_of(std::size_t rows) {
  return (rows + kernels::counted_piece::most_rows - 1) / kernels::counted_piece::most_rows;
}

/// Cuts the rows first ... last - 1, in the order of rows, into pieces of much the same size, which one launch may
/// count together; none where there are no rows.
inline void append_pieces(std::vector<kernels::counted_piece>& pieces, void* cells, std::uint32_t cell_bytes,
                          std::uint32_t first, std::uint32_t last) {
  std::uint64_t const rows = last - first, count = pieces_of(rows);
  for (std::uint64_t i = 0; i < count; ++i)
    pieces.push_back({cells, static_cast<std::uint32_t>(first + rows * i / count),
                      static_cast<std::uint32_t>(first + rows * (i + 1) / count), cell_bytes, count > 1 ? 1u : 0u});
}

/// Adds firings [row, word], words of 64 neurons, to the cells of so many pieces, whose rows are those that `order`
/// names. All lie on the device. Throws device_error.
inline void launch_count(std::uint64_t const* firings, std::size_t words, std::uint32_t const* order,
                         kernels::counted_piece const* pieces, std::size_t count, cudaStream_t stream) {
  if (count == 0 || words == 0) return;
  warps_of_row const shape(count, 2 * words);
  launch(kernels::count, shape.grid, shape.block, stream, reinterpret_cast<std::uint32_t const*>(firings),
         static_cast<std::uint32_t>(2 * words), order, pieces);
}

/// Fills so many rows of a table from others, or with zeros: `neurons` cells each, a whole number of 64. Throws
/// device_error.
inline void launch_prepare(kernels::prepared_row const* rows, std::size_t count, std::size_t neurons,
                           cudaStream_t stream) {
  if (count == 0 || neurons == 0) return;
  constexpr std::size_t threads = 256, cells_of_block = 4 * threads;
  dim3 const grid(static_cast<unsigned>(count), static_cast<unsigned>((neurons + cells_of_block - 1) / cells_of_block));
  launch(kernels::prepare, grid, dim3(threads), stream, rows, static_cast<std::uint32_t>(neurons));
}

}  // namespace detail

}  // namespace census::cuda
