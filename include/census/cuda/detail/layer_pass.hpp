// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/products.hpp>
#include <census/model/architecture.hpp>
#include <census/model/source_options.hpp>

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace census::cuda::detail {

/// What a layer yields of a text, in the stream's order.
struct layer_outputs {
  cuda::firings firings;                      ///< [row, neuron]
  std::optional<device_array<float>> values;  ///< [row, padded(neurons)], where they are kept
};

/// Where no activation was NaN.
inline constexpr std::uint64_t no_nan = ~std::uint64_t{0};

/// Throws bad_input naming layer, document, piece and token where `first_nan`, which layer_pass::run gave, tells of one.
inline void check_activations(std::size_t layer, text_rows const& text, std::size_t neurons, std::uint64_t first_nan);

/// Runs texts through a model's layers on a device, a layer of a text at a time: the twin of census::detail::layer_pass.
/// All work is on one stream, and nothing waits for it. Products take fixed tiles of rows, attention whole sequences: a
/// row's bits depend on its own sequence alone. How many rows a text has does not matter for working memory.
template <product_engine Products>
class layer_pass {
 public:
  struct settings {
    kept_values keep_values = false;
    fires_above fires = {};
    /// Padded rows (device_text) of which queries, keys and values are held at a time, at least those of the longest
    /// sequence. More are faster where a text has more rows; no bit depends on it.
    std::size_t attention_rows = 8192;
  };

  /// Allocates working memory. `products` must outlive it.
  layer_pass(architecture const& a, Products& products, settings const& options, cudaStream_t stream);

  /// Bytes of device memory that it takes, working memory of the products aside.
  static std::uint64_t bytes(architecture const& a, precision p, settings const& options);

  /// A layer of a text, whose residual stream [row, padded(hidden)] float32 lies on the device: it becomes that of the
  /// next layer where `weights` have fc2, and else is no longer of use. `first_nan`, in host memory, best pinned, is
  /// written once the stream has come so far: for check_activations.
  layer_outputs make_block(layer_weights const& weights, device_text const& text, float* residual,
                           std::uint64_t* first_nan);

  /// The same without firings and values.
  void pass_through(layer_weights const& weights, device_text const& text, float* residual, std::uint64_t* first_nan);
};

}  // namespace census::cuda::detail
