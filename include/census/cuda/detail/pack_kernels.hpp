// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/launch.hpp>
#include <census/cuda/detail/warps_of_row.hpp>
#include <census/cuda/device_values.hpp>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>

namespace census::cuda {

namespace kernels {
// As kernels/pack.cuh defines and explains them.
void pack_float32(float const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                  std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan);
void pack_float16(__half const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                  std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan);
void pack_bfloat16(__nv_bfloat16 const* values, std::size_t stride, std::uint32_t neurons, float threshold,
                   std::uint32_t* firings, std::uint32_t words, unsigned long long* first_nan);
}  // namespace kernels

namespace detail {

/// What first_nan holds where no value is NaN.
inline constexpr std::uint64_t no_nan = ~std::uint64_t{0};

/// Packs values to firings [row, word], words of 64 neurons, and lowers first_nan to the least row * neurons + neuron
/// whose value is NaN. All lie on the device. Throws device_error.
inline void launch_pack(device_values const& values, float threshold, std::uint64_t* firings, std::uint64_t* first_nan,
                        cudaStream_t stream) {
  std::size_t const words = (values.neurons + 63) / 64 * 2;
  if (values.rows == 0 || words == 0) return;
  warps_of_row const shape(values.rows, words);
  auto const run = [&]<class T>(auto* kernel, T const* data) {
    launch(kernel, shape.grid, shape.block, stream, data, values.stride(), static_cast<std::uint32_t>(values.neurons),
           threshold, reinterpret_cast<std::uint32_t*>(firings), static_cast<std::uint32_t>(words),
           reinterpret_cast<unsigned long long*>(first_nan));
  };
  switch (values.stored_as) {
  case stored_float::float32:
    return run(kernels::pack_float32, static_cast<float const*>(values.data));
  case stored_float::float16:
    return run(kernels::pack_float16, static_cast<__half const*>(values.data));
  case stored_float::bfloat16:
    return run(kernels::pack_bfloat16, static_cast<__nv_bfloat16 const*>(values.data));
  }
}

}  // namespace detail

}  // namespace census::cuda
