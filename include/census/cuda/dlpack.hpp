// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/dlpack_rows.hpp>
#include <census/cuda/device_values.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/pack.hpp>
#include <census/error.hpp>

#include <cuda_runtime.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace census::cuda {

/// A tensor that another library lends: DLManagedTensor or DLManagedTensorVersioned of DLPack 1, as the caller's own
/// <dlpack/dlpack.h> declares them, or anything else with their members.
template <class M>
concept dlpack_tensor = requires(M* lent) {
  { lent->dl_tensor.data } -> std::convertible_to<void const*>;
  lent->dl_tensor.device.device_type;
  { lent->dl_tensor.ndim } -> std::convertible_to<int>;
  { lent->dl_tensor.dtype.code } -> std::convertible_to<int>;
  { lent->dl_tensor.dtype.bits } -> std::convertible_to<int>;
  { lent->dl_tensor.dtype.lanes } -> std::convertible_to<int>;
  { lent->dl_tensor.shape } -> std::convertible_to<std::int64_t const*>;
  { lent->dl_tensor.strides } -> std::convertible_to<std::int64_t const*>;
  { lent->dl_tensor.byte_offset } -> std::convertible_to<std::uint64_t>;
  lent->deleter(lent);
};

namespace detail {

/// Where a tensor's activations lie. Throws bad_input where that is no device, or they are of a type that is not read.
template <dlpack_tensor M>
device_values values_of(M const& tensor) {
  if constexpr (requires { tensor.version.major; })
    if (tensor.version.major != 1)
      throw bad_input("DLPack tensor", "is of version " + std::to_string(tensor.version.major) + ", not 1");
  return read_dlpack(tensor.dl_tensor);
}

/// Gives a tensor back to who lent it.
struct give_back {
  template <class M>
  void operator()(M* tensor) const {
    if (tensor->deleter != nullptr) tensor->deleter(tensor);
  }
};

}  // namespace detail

/// Packs the activations [..., neuron] of a tensor on a device, in a stream of the caller's, which is the one that the
/// tensor was asked for: `__dlpack__(stream=...)`. All dimensions but the last count as rows, in order. Takes the
/// tensor over, and gives it back in every case: when an event behind the packing has come, or at once where it is
/// refused. Throws bad_input where it cannot be read: it lies on no CUDA device, is neither float32, float16 nor
/// bfloat16, or its rows lie at no even distance; and as pack does for device_values.
template <dlpack_tensor M>
firings pack(M* tensor, cudaStream_t stream, fires_above const& fires = {}) {
  std::unique_ptr<M, detail::give_back> const lent(tensor);
  return pack(detail::values_of(*tensor), stream, fires);
}

/// A block from a tensor, the same way.
template <dlpack_tensor M>
block make_block(std::uint32_t layer, shared_text text, M* tensor, cudaStream_t stream, fires_above const& fires = {}) {
  std::unique_ptr<M, detail::give_back> const lent(tensor);
  return make_block(layer, std::move(text), detail::values_of(*tensor), stream, fires);
}

}  // namespace census::cuda
