// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/factor.cuh>
#include <census/cuda/kernels/forward_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// f(x) in float32; NaN stays NaN. Where x is negative, without the cancellation that 1 + erf and 1 + tanh have there.
__device__ __forceinline__ float activate(activation f, float x) {
  if (f == activation::relu) return x < 0 ? 0.f : x;
  if (f == activation::gelu) return 0.5f * x * erfcf(x * -0.70710678f);
  if (f == activation::silu) return x / (1 + expf(-x));
  return x / (1 + expf(x * (-1.5957691f - 0.071354816f * x * x)));  // (1 + tanh u)/2 = 1/(1 + exp(−2u))
}

/// Activations f(product + bias) of a product [row, width], of which `neurons` columns count: packed, rounded and kept
/// while they are in registers. `words` are of 32 neurons and an even number; row 0 here is `first_row` for first_nan.
/// One block a row.
__global__ void __launch_bounds__(row_threads)
    activate_and_pack(float const* product, float const* bias, activation f, float threshold, std::uint32_t neurons,
                      std::uint32_t width, std::uint32_t words, std::size_t first_row, activation_outputs into) {
  std::size_t const row = blockIdx.x, first = row * width;
  as_factors(into.type, into.factors, [&](auto* factors) {
#pragma unroll 4
    for (std::uint32_t n = threadIdx.x; n < 32 * words; n += blockDim.x) {
      bool const counts = n < neurons;
      float const before = counts ? product[first + n] + bias[n] : 0.f, value = activate(f, before);
      unsigned const fired = __ballot_sync(whole_warp, counts && value > threshold);
      if (into.firings != nullptr && n % 32 == 0) into.firings[row * words + n / 32] = fired;
      if (value != value) atomicMin(into.first_nan, static_cast<unsigned long long>(first_row + row) * neurons + n);
      if (n >= width) continue;
      if (into.values != nullptr) into.values[first + n] = into.values_before_activation ? before : value;
      if (factors != nullptr) store(factors[first + n], value);
    }
  });
}

}  // namespace census::cuda::kernels
