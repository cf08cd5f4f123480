// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/count_types.cuh>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace census::cuda::detail {

/// The grid and the block of a launch in which warps take a row's words of 32 neurons, words_of_warp each.
struct warps_of_row {
  dim3 grid, block;

  warps_of_row(std::size_t rows, std::size_t words) {
    std::size_t const warps = (words + kernels::words_of_warp - 1) / kernels::words_of_warp;
    std::size_t const warps_of_block = std::min<std::size_t>(warps, kernels::most_warps);
    grid = dim3(static_cast<unsigned>(rows), static_cast<unsigned>((warps + warps_of_block - 1) / warps_of_block));
    block = dim3(static_cast<unsigned>(32 * warps_of_block));
  }
};

}  // namespace census::cuda::detail
