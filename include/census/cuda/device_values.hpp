// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/error.hpp>
#include <census/stored_float.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <memory>
#include <stdexcept>

namespace census::cuda {

/// Where activations [row, neuron] lie in a device's memory: whoever made them owns them.
struct device_values {
  void const* data;
  stored_float stored_as = stored_float::float32;
  std::size_t rows;
  std::size_t neurons;
  std::size_t leading_dimension = 0;  ///< numbers from one row to the next; 0 where rows are not padded

  std::size_t stride() const { return leading_dimension == 0 ? neurons : leading_dimension; }
};

namespace detail {

/// The device that values lie on; the current one where there are none. Throws std::invalid_argument where they lie on
/// none or rows overlap.
inline std::shared_ptr<device const> device_of(device_values const& values) {
  if (values.stride() < values.neurons)
    throw std::invalid_argument("census::cuda::device_values: the leading dimension is smaller than a row");
  int ordinal = 0;
  if (values.rows == 0 || values.neurons == 0) {
    check(cudaGetDevice(&ordinal), "cudaGetDevice");
    return device::open(ordinal);
  }
  cudaPointerAttributes where{};
  check(cudaPointerGetAttributes(&where, values.data), "cudaPointerGetAttributes");
  if (where.type != cudaMemoryTypeDevice && where.type != cudaMemoryTypeManaged)
    throw std::invalid_argument("census::cuda::device_values: the values do not lie in a device's memory");
  return device::open(where.device);
}

}  // namespace detail

}  // namespace census::cuda
