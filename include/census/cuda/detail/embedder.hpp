// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/cuda/products.hpp>
#include <census/model/model_weights.hpp>

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

namespace census::cuda::detail {

/// Makes residual streams of texts: of the token embeddings, only the rows of tokens that a text has are uploaded; the
/// positions lie on the device. Needed for layer 0 alone, so it may go once all texts are embedded.
template <product_engine Products>
class embedder {
 public:
  /// Uploads the position embeddings of the first `context` positions, and project_in where the model has it. Products
  /// and weights must outlive it.
  embedder(model_weights const& from, Products& products, std::size_t context, cudaStream_t stream);

  /// residual [row, padded(hidden)] float32 on the device = token embedding + position embedding; padding is 0. Works on
  /// the stream and returns before it is done. Tokens and lengths must have been checked (check_text).
  void embed(text_rows const& text, float* residual);

  /// Bytes of device memory that it takes for texts of up to `rows` tokens.
  static std::uint64_t bytes(architecture const& a, precision p, std::size_t context, std::size_t rows);
};

}  // namespace census::cuda::detail
