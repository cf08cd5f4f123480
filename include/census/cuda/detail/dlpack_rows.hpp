// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/device_values.hpp>
#include <census/error.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace census::cuda::detail {

// The numbers that DLPack's header gives these.
inline constexpr int dl_cuda = 2, dl_cuda_managed = 13;  // DLDeviceType
inline constexpr int dl_float = 2, dl_bfloat = 4;        // DLDataTypeCode

[[noreturn]] inline void refuse_dlpack(std::string_view cause) { throw bad_input("DLPack tensor", cause); }

template <class DataType>
number number_of(DataType const& type) {
  if (type.lanes == 1) {
    if (type.code == dl_float && type.bits == 32) return number::float32;
    if (type.code == dl_float && type.bits == 16) return number::float16;
    if (type.code == dl_bfloat && type.bits == 16) return number::bfloat16;
  }
  refuse_dlpack("is neither of float32, float16 nor bfloat16");
}

/// The dimensions of a tensor but the last, as one.
struct dlpack_rows {
  std::int64_t count, stride;
};

/// Throws bad_input where rows overlap or lie at no even distance.
template <class Tensor>
dlpack_rows rows_of(Tensor const& tensor, std::int64_t neurons) {
  dlpack_rows rows{1, neurons};
  bool alone = true;  // no dimension of more than one row so far
  for (int d = tensor.ndim - 2; d >= 0; --d) {
    std::int64_t const size = tensor.shape[d];
    if (size == 0) return {0, neurons};
    if (size < 0 || rows.count > std::numeric_limits<std::int64_t>::max() / size)
      refuse_dlpack("has a shape that cannot be");
    if (size > 1 && tensor.strides != nullptr) {
      std::int64_t const stride = tensor.strides[d];
      if (alone)
        rows.stride = stride;
      else if (stride / rows.count != rows.stride || stride % rows.count != 0)
        refuse_dlpack("has rows at no even distance; make it contiguous");
    }
    alone = alone && size <= 1;
    rows.count *= size;
  }
  if (rows.stride < neurons) refuse_dlpack("has rows that overlap");
  return rows;
}

/// Where a tensor's activations [..., neuron] lie, of DLTensor or anything with its members. Throws bad_input where
/// that is no CUDA device, or they are not stored as device_values are.
template <class Tensor>
device_values read_dlpack(Tensor const& tensor) {
  int const device = static_cast<int>(tensor.device.device_type);
  if (device != dl_cuda && device != dl_cuda_managed) refuse_dlpack("lies on no CUDA device");
  number const stored_as = number_of(tensor.dtype);
  if (tensor.ndim < 2) refuse_dlpack("has fewer than two dimensions: [..., neuron] is asked for");
  int const last = tensor.ndim - 1;
  std::int64_t const neurons = tensor.shape[last];
  if (neurons < 0) refuse_dlpack("has a shape that cannot be");
  if (neurons > 1 && tensor.strides != nullptr && tensor.strides[last] != 1)
    refuse_dlpack("has neurons that do not lie side by side; make it contiguous");
  dlpack_rows const rows = rows_of(tensor, neurons);
  return {.data = static_cast<char const*>(tensor.data) + tensor.byte_offset,
          .stored_as = stored_as,
          .rows = static_cast<std::size_t>(rows.count),
          .neurons = static_cast<std::size_t>(neurons),
          .leading_dimension = static_cast<std::size_t>(rows.stride)};
}

}  // namespace census::cuda::detail
