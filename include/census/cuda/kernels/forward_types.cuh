// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// What the host and the kernels of the forward pass tell each other. Plain C++, for both read it.

namespace census::cuda::kernels {

/// Threads of a block where a block takes one row, at most, and where each of its warps takes one query.
inline constexpr unsigned row_threads = 256, query_threads = 128, warp_threads = 32;

/// How a product's factors are stored.
enum class factor_type : std::uint32_t { float32, float16, bfloat16 };

/// The activation functions of census::activation_function, in its order.
enum class activation : std::uint32_t { relu, gelu, gelu_tanh, silu };

/// Where attention has a row of a text: its sequence begins at attention row `sequence_start` and takes `padded_length`
/// of them; the row is the sequence's token `position`.
struct row_place {
  std::uint32_t sequence_start, padded_length, position;
};

/// Among the rows of a text: none, for an attention row that is padding.
inline constexpr std::uint32_t no_row = 0xffffffffu;

/// The heads of attention. A head's factors are padded with zeros to `padded_size` columns.
struct head_shape {
  std::uint32_t heads, size, padded_size;
};

/// A tile of scores [query, keys]: of each of some pairs of a sequence and a head, the queries of the sequence's tokens
/// first_query ... first_query + rows − 1. They see its first `keys` tokens or fewer.
struct score_tile {
  std::uint32_t rows, first_query, keys;
};

/// What becomes of activations. What is not wanted is null.
struct activation_outputs {
  std::uint32_t* firings;         ///< [row, words]: a bit each, whether it is above the threshold
  float* values;                  ///< [row, width]
  bool values_before_activation;  ///< values are what the function is applied to
  factor_type type;
  void* factors;                  ///< [row, width]: what the second product reads
  unsigned long long* first_nan;  ///< the least row · neurons + neuron whose activation is NaN
};

}  // namespace census::cuda::kernels
