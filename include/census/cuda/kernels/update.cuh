// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/forward_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// residual [row, width] += update [row, width] + bias [width]. One block a row.
__global__ void __launch_bounds__(row_threads)
    add_update(float const* update, float const* bias, std::uint32_t width, float* residual) {
  std::size_t const first = std::size_t{blockIdx.x} * width;
  for (std::uint32_t i = threadIdx.x; i < width; i += blockDim.x) residual[first + i] += update[first + i] + bias[i];
}

}  // namespace census::cuda::kernels
