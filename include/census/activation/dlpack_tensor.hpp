// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/stored_float.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace census {

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

/// Gives a tensor back to who lent it: `std::unique_ptr<M, give_back>`.
struct give_back {
  template <dlpack_tensor M>
  void operator()(M* tensor) const {
    if (tensor->deleter != nullptr) tensor->deleter(tensor);
  }
};

/// Activations [row, neuron] in memory of another library, whatever memory that is: rows lie `leading_dimension`
/// numbers apart.
struct lent_activations {
  void const* data;
  stored_float type;
  int device_type;  ///< DLDeviceType: 1 host memory, 2 CUDA, 3 page-locked host memory, 13 managed by CUDA
  std::size_t rows, neurons, leading_dimension;
};

namespace detail {

[[noreturn]] inline void refuse_dlpack(std::string_view cause) { throw bad_input("DLPack tensor", std::string(cause)); }

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

template <class DataType>
stored_float float_type(DataType const& type) {
  constexpr int dl_float = 2, dl_bfloat = 4;  // DLDataTypeCode
  if (type.lanes == 1) {
    if (type.code == dl_float && type.bits == 32) return stored_float::float32;
    if (type.code == dl_float && type.bits == 16) return stored_float::float16;
    if (type.code == dl_bfloat && type.bits == 16) return stored_float::bfloat16;
  }
  refuse_dlpack("is of " + std::to_string(type.bits) + "-bit numbers of code " + std::to_string(type.code) +
                ", neither float32, float16 nor bfloat16");
}

}  // namespace detail

/// What a tensor [..., neuron] holds: all dimensions but the last count as rows, in order. Throws bad_input where it is
/// of another type than stored_float, or of a version that is not known, or its rows lie at no even distance.
template <dlpack_tensor M>
lent_activations read_dlpack(M const& lent) {
  if constexpr (requires { lent.version.major; })
    if (lent.version.major != 1)
      detail::refuse_dlpack("is of version " + std::to_string(lent.version.major) + ", not 1");
  auto const& tensor = lent.dl_tensor;
  stored_float const type = detail::float_type(tensor.dtype);
  if (tensor.ndim < 2) detail::refuse_dlpack("has fewer than two dimensions: [..., neuron] is asked for");
  int const last = tensor.ndim - 1;
  std::int64_t const neurons = tensor.shape[last];
  if (neurons < 0) detail::refuse_dlpack("has a shape that cannot be");
  if (neurons > 1 && tensor.strides != nullptr && tensor.strides[last] != 1)
    detail::refuse_dlpack("has neurons that do not lie side by side; make it contiguous");
  detail::dlpack_rows const rows = detail::rows_of(tensor, neurons);
  return {.data = static_cast<char const*>(tensor.data) + tensor.byte_offset,
          .type = type,
          .device_type = static_cast<int>(tensor.device.device_type),
          .rows = static_cast<std::size_t>(rows.count),
          .neurons = static_cast<std::size_t>(neurons),
          .leading_dimension = static_cast<std::size_t>(rows.stride)};
}

}  // namespace census
