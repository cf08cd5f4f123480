// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/factor.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// The sum of a block's values, in an order that never changes, for each of its threads.
__device__ __forceinline__ float sum_over_block(float value) {
  __shared__ float part[row_threads / warp_threads];
  for (unsigned distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(whole_warp, value, distance);
  __syncthreads();  // the sum before may still be read
  if (threadIdx.x % warp_threads == 0) part[threadIdx.x / warp_threads] = value;
  __syncthreads();
  float sum = 0;
  for (unsigned w = 0; w < blockDim.x / warp_threads; ++w) sum += part[w];
  return sum;
}

/// into [width] = gain ⊙ (x − mean x) / √(variance x + epsilon) + bias, of a row x [width] whose first `columns` values
/// count; the others become 0. One block; `into` may be x itself.
template <class T>
__device__ void norm_row(float const* x, float const* gain, float const* bias, float epsilon, std::uint32_t columns,
                         std::uint32_t width, T* into) {
  float sum = 0;
  for (std::uint32_t i = threadIdx.x; i < columns; i += blockDim.x) sum += x[i];
  float const mean = sum_over_block(sum) / static_cast<float>(columns);
  float squares = 0;
  for (std::uint32_t i = threadIdx.x; i < columns; i += blockDim.x) squares += (x[i] - mean) * (x[i] - mean);
  float const variance = sum_over_block(squares) / static_cast<float>(columns);
  float const scale = 1 / sqrtf(variance + epsilon);
  for (std::uint32_t i = threadIdx.x; i < width; i += blockDim.x)
    into[i] = factor<T>::from(i < columns ? (x[i] - mean) * scale * gain[i] + bias[i] : 0.f);
}

/// The norm of rows x [row, width], as factors [row, width] or, float32, as the residual stream anew. One block a row.
__global__ void __launch_bounds__(row_threads)
    norm(float const* x, float const* gain, float const* bias, float epsilon, std::uint32_t columns,
         std::uint32_t width, factor_type type, void* into) {
  std::size_t const first = std::size_t{blockIdx.x} * width;
  as_factors(type, into,
             [&](auto* factors) { norm_row(x + first, gain, bias, epsilon, columns, width, factors + first); });
}

/// into [row, width] = x [row, width] as factors. One block a row.
__global__ void __launch_bounds__(row_threads)
    round_to_factors(float const* x, std::uint32_t width, factor_type type, void* into) {
  std::size_t const first = std::size_t{blockIdx.x} * width;
  as_factors(type, into, [&](auto* factors) {
    for (std::uint32_t i = threadIdx.x; i < width; i += blockDim.x) store(factors[first + i], x[first + i]);
  });
}

}  // namespace census::cuda::kernels
