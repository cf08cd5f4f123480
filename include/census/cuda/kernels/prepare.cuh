// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/count_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstdint>

namespace census::cuda::kernels {

/// Cells 4 i to 4 i + 3 of a row, each of so many bytes; zeros where they are of none.
__device__ __forceinline__ uint4 four_cells(void const* cells, std::uint32_t cell_bytes, std::uint32_t i) {
  if (cell_bytes == 1) {
    std::uint32_t const four = static_cast<std::uint32_t const*>(cells)[i];
    return {four & 0xffu, four >> 8 & 0xffu, four >> 16 & 0xffu, four >> 24};
  }
  if (cell_bytes == 2) {
    uint2 const four = static_cast<uint2 const*>(cells)[i];
    return {four.x & 0xffffu, four.x >> 16, four.y & 0xffffu, four.y >> 16};
  }
  if (cell_bytes == 4) return static_cast<uint4 const*>(cells)[i];
  return {0, 0, 0, 0};
}

/// Writes them. No number may pass what a cell holds.
__device__ __forceinline__ void set_four_cells(void* cells, std::uint32_t cell_bytes, std::uint32_t i, uint4 four) {
  if (cell_bytes == 1)
    static_cast<std::uint32_t*>(cells)[i] = four.x | four.y << 8 | four.z << 16 | four.w << 24;
  else if (cell_bytes == 2)
    static_cast<uint2*>(cells)[i] = {four.x | four.y << 16, four.z | four.w << 16};
  else
    static_cast<uint4*>(cells)[i] = four;
}

/// Fills rows of a table from others or with zeros, `neurons` cells each, a whole number of 64. A block's x is its row;
/// its y and its thread say which four cells the thread takes.
__global__ void __launch_bounds__(256) prepare(prepared_row const* rows, std::uint32_t neurons) {
  std::uint32_t const i = blockIdx.y * blockDim.x + threadIdx.x;
  if (i >= neurons / 4) return;
  prepared_row const row = rows[blockIdx.x];
  set_four_cells(row.to, row.to_cell_bytes, i, four_cells(row.from, row.from_cell_bytes, i));
}

}  // namespace census::cuda::kernels
