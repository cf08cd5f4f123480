// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/dlpack_tensor.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/device_values.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/pack.hpp>
#include <census/error.hpp>

#include <cuda_runtime.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace census::cuda {

namespace detail {

/// Where a tensor's activations lie. Throws bad_input where that is no CUDA device, or they are of a type that is not
/// read.
template <dlpack_tensor M>
device_values values_of(M const& tensor) {
  lent_activations const lent = read_dlpack(tensor);
  constexpr int device = 2, managed = 13;  // DLDeviceType
  if (lent.device_type != device && lent.device_type != managed)
    throw bad_input("DLPack tensor", "lies on no CUDA device");
  return {.data = lent.data,
          .stored_as = lent.type,
          .rows = lent.rows,
          .neurons = lent.neurons,
          .leading_dimension = lent.leading_dimension};
}

}  // namespace detail

/// Packs the activations [..., neuron] of a tensor on a device, in a stream of the caller's, which is the one that the
/// tensor was asked for: `__dlpack__(stream=...)`. All dimensions but the last count as rows, in order. Takes the
/// tensor over, and gives it back in every case: when an event behind the packing has come, or at once where it is
/// refused. Throws bad_input where it cannot be read: it lies on no CUDA device, is neither float32, float16 nor
/// bfloat16, or its rows lie at no even distance; and as pack does for device_values.
template <dlpack_tensor M>
firings pack(M* tensor, cudaStream_t stream, fires_above const& fires = {}) {
  std::unique_ptr<M, give_back> const lent(tensor);
  return pack(detail::values_of(*tensor), stream, fires);
}

/// A block from a tensor, the same way.
template <dlpack_tensor M>
block make_block(std::uint32_t layer, shared_text text, M* tensor, cudaStream_t stream, fires_above const& fires = {}) {
  std::unique_ptr<M, give_back> const lent(tensor);
  return make_block(layer, std::move(text), detail::values_of(*tensor), stream, fires);
}

}  // namespace census::cuda
