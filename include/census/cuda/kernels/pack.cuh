// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/as_float.cuh>
#include <census/cuda/kernels/count_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// Packs values [row, neuron], rows `stride` values apart, to firings [row, word]: words of 32 neurons, an even number
/// of them, a bit a neuron, set where the value is above the threshold; bits past the last neuron are 0. Lowers
/// first_nan to the least row * neurons + neuron whose value is NaN. A block's x is its row; its y and its warp say
/// which 32 words the warp takes.
template <class T>
__device__ __forceinline__ void pack(T const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                                     std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan) {
  std::uint32_t const first_word = (blockIdx.y * (blockDim.x / 32) + threadIdx.x / 32) * words_of_warp;
  std::size_t const row = blockIdx.x;
  unsigned const lane = threadIdx.x % 32;
  std::uint32_t packed = 0, nan = neurons;
#pragma unroll 8
  for (std::uint32_t w = 0; w < words_of_warp; ++w) {
    std::uint32_t const neuron = (first_word + w) * 32 + lane;
    float const value = neuron < neurons ? as_float(values[row * stride + neuron]) : threshold;  // which is not above
    std::uint32_t const word = __ballot_sync(whole_warp, value > threshold);
    if (lane == w) packed = word;
    if (value != value && nan == neurons) nan = neuron;
  }
  if (first_word + lane < words) firings[row * words + first_word + lane] = packed;
  if (nan < neurons) atomicMin(first_nan, static_cast<unsigned long long>(row * neurons + nan));
}

__global__ void __launch_bounds__(32 * most_warps)
    pack_float32(float const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                 std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan) {
  pack(values, stride, neurons, threshold, firings, words, first_nan);
}
__global__ void __launch_bounds__(32 * most_warps)
    pack_float16(__half const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                 std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan) {
  pack(values, stride, neurons, threshold, firings, words, first_nan);
}
__global__ void __launch_bounds__(32 * most_warps)
    pack_bfloat16(__nv_bfloat16 const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                  std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan) {
  pack(values, stride, neurons, threshold, firings, words, first_nan);
}

}  // namespace census::cuda::kernels
