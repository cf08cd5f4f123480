// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/precision.hpp>

#include <cuda_runtime.h>

#include <compare>
#include <concepts>
#include <cstddef>
#include <string>

namespace census::cuda {

/// The shape of a product c [row, column] = a [row, depth] · b [depth, column] of row-major matrices, or a · bᵀ, where
/// b is [column, depth]. Factors are of the engine's precision, c is float32. A row starts so many elements behind the
/// one before; rows start on 16 bytes at least, and all sizes but `rows` are multiples of 16.
struct product_shape {
  std::size_t rows = 0, columns = 0, depth = 0;
  std::size_t a_stride = 0, b_stride = 0, c_stride = 0;
  bool b_transposed = false;
  bool many = false;  ///< such products come in batches

  friend auto operator<=>(product_shape const&, product_shape const&) = default;
};

/// Several products of one shape: how many, and how many elements lie between the begins of neighbouring matrices.
struct product_batch {
  std::size_t count = 1;
  std::size_t a_distance = 0, b_distance = 0, c_distance = 0;
};

/// The one place where a device multiplies matrices: the forward pass knows no library.
///  - `P::row_tile`        rows that the forward pass gives to one product, whatever the text: shapes are few;
///  - `P::attention_tile`  queries of a sequence that are scored at a time, a power of two from 16 on;
///  - `P::workspace_bytes` device memory that it takes for itself;
///  - `P::description()`   the library and its version, for run.json;
///  - `p.precision()`      which factors it takes;
///  - `p.multiply(...)`    works in the stream, without waiting for it; throws device_error.
/// Law: a row of c is the same bytes for the same row of a, the same b and the same columns, depth and transposition,
/// wherever in the rows it lies, whatever the other rows hold, and however many products are in the batch. A row of a
/// that holds NaN spoils no other.
template <class P>
concept product_engine = requires(P& p, product_shape const& shape, void const* factor, float* product,
                                  product_batch const& batch, cudaStream_t stream) {
  { P::row_tile } -> std::convertible_to<std::size_t>;
  { P::attention_tile } -> std::convertible_to<std::size_t>;
  { P::workspace_bytes } -> std::convertible_to<std::size_t>;
  { P::description() } -> std::convertible_to<std::string>;
  { p.precision() } -> std::same_as<precision>;
  p.multiply(shape, factor, factor, product, batch, stream);
};

}  // namespace census::cuda
