// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/bit_sliced_counters.cuh>
#include <census/cuda/kernels/count_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// As many cells as fit into 32 bits, with the lowest bits of `bits`, one each, as their numbers.
template <class Cell>
__device__ __forceinline__ std::uint32_t spread_to_cells(std::uint32_t bits) {
  if constexpr (sizeof(Cell) == 1) return ((bits & 15u) * 0x00204081u) & 0x01010101u;
  if constexpr (sizeof(Cell) == 2) return ((bits & 3u) * 0x00008001u) & 0x00010001u;
  return bits & 1u;
}

/// Adds a warp's counters, lane w's those of neurons 32 w to 32 w + 31, to 1024 cells. Each lane takes cells of 16
/// bytes; those where nothing fired are neither read nor written, so there need be no more cells than neurons. No sum
/// may pass what a cell holds: so cells that lie in one word are added as one number. Where others add to the same
/// cells meanwhile, it is done by atomics; the order of additions does not matter to sums of integers.
template <class Cell, int Slices>
__device__ __forceinline__ void add_to_cells(bit_sliced_counters<Slices> const& counters, Cell* cells,
                                             bool others_add) {
  constexpr unsigned cells_of_lane = 16 / sizeof(Cell), cells_of_word = 4 / sizeof(Cell);
  unsigned const lane = threadIdx.x % 32;
#pragma unroll
  for (unsigned part = 0; part < 32 / cells_of_lane; ++part) {
    unsigned const first = (part * 32 + lane) * cells_of_lane;
    std::uint32_t sums[4] = {};
#pragma unroll
    for (int p = 0; p < Slices; ++p) {
      std::uint32_t const bits =
          __shfl_sync(whole_warp, counters.slices[p], static_cast<int>(first / 32)) >> first % 32;
#pragma unroll
      for (unsigned word = 0; word < 4; ++word) sums[word] += spread_to_cells<Cell>(bits >> word * cells_of_word) << p;
    }
    if ((sums[0] | sums[1] | sums[2] | sums[3]) == 0) continue;
    uint4* const at = reinterpret_cast<uint4*>(cells + first);
    if (others_add) {
      unsigned* const words = reinterpret_cast<unsigned*>(at);
#pragma unroll
      for (unsigned word = 0; word < 4; ++word)
        if (sums[word] != 0) atomicAdd(words + word, sums[word]);
    } else {
      uint4 const now = *at;
      *at = uint4{now.x + sums[0], now.y + sums[1], now.z + sums[2], now.w + sums[3]};
    }
  }
}

/// Counts a piece by one warp, in counters of so many bits: `read(i)` gives the lane's word of the piece's row i.
template <int Slices, class Read>
__device__ __forceinline__ void count_piece(counted_piece const& piece, std::uint32_t first_neuron, Read const& read) {
  bit_sliced_counters<Slices> counters;
  counters.add(piece.first, piece.last, read);
  bool const others_add = piece.shares_cells != 0;
  if (piece.cell_bytes == 1)
    add_to_cells(counters, static_cast<std::uint8_t*>(piece.cells) + first_neuron, others_add);
  else if (piece.cell_bytes == 2)
    add_to_cells(counters, static_cast<std::uint16_t*>(piece.cells) + first_neuron, others_add);
  else
    add_to_cells(counters, static_cast<std::uint32_t*>(piece.cells) + first_neuron, others_add);
}

/// Adds firings [row, word], words of 32 neurons and an even number of them, to the cells of pieces. A block's x is its
/// piece; its y and its warp say which 32 words the warp takes. Whatever the order of blocks, counts are the same.
__global__ void __launch_bounds__(32 * most_warps)
    count(std::uint32_t const* firings, std::uint32_t words, std::uint32_t const* order, counted_piece const* pieces) {
  std::uint32_t const first_word = (blockIdx.y * (blockDim.x / 32) + threadIdx.x / 32) * words_of_warp;
  counted_piece const piece = pieces[blockIdx.x];
  std::uint32_t const word = first_word + threadIdx.x % 32;
  auto const read = [=](std::uint32_t i) { return word < words ? firings[std::size_t{order[i]} * words + word] : 0u; };

  std::uint32_t const rows = piece.last - piece.first;
  if (rows == 1)
    count_piece<1>(piece, first_word * 32, read);
  else if (rows <= 3)
    count_piece<2>(piece, first_word * 32, read);
  else if (rows <= 15)
    count_piece<4>(piece, first_word * 32, read);
  else
    count_piece<6>(piece, first_word * 32, read);
}

}  // namespace census::cuda::kernels
