// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/forward_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// residual [row, width] = tokens [number_of_token[row]] + positions [the row's position], both [.., width]. One block
/// a row.
__global__ void __launch_bounds__(row_threads)
    embed(float const* tokens, std::uint32_t const* number_of_token, float const* positions, row_place const* places,
          std::uint32_t width, float* residual) {
  std::size_t const row = blockIdx.x;
  float const* const token = tokens + std::size_t{number_of_token[row]} * width;
  float const* const position = positions + std::size_t{places[row].position} * width;
  float* const into = residual + row * width;
  for (std::uint32_t i = threadIdx.x; i < width; i += blockDim.x) into[i] = token[i] + position[i];
}

}  // namespace census::cuda::kernels
