// SPDX-License-Identifier: MIT
// The forward pass of a model on a device, layer by layer, and what each layer yields brought to the host.
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/embedder.hpp>
#include <census/cuda/detail/layer_pass.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model.hpp>

#include <cuda/support/products.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace census_test {

struct forward_options {
  census::cuda::precision precision = census::cuda::precision::exact;
  census::kept_values keep_values = true;
  census::fires_above fires = {};
  census::cuda::detail::attention_memory attention = {.rows = 64, .scores = 4096};
  std::size_t layers = std::numeric_limits<std::size_t>::max();  ///< so many at most
  bool after_nan = false;  ///< working memory has held NaN in all its rows of attention before
};

struct layer_here {
  census::packed_firings firings;
  census::padded_matrix values;  ///< [row, neuron], empty where they are not kept
};

/// Runs a sequence that fills attention's memory through a layer, its residual stream all NaN.
inline void run_nan(census::cuda::detail::layer_pass<test_products>& pass,
                    census::cuda::detail::layer_weights const& weights, std::size_t rows, std::size_t hidden,
                    std::shared_ptr<census::cuda::detail::device const> const& on) {
  namespace detail = census::cuda::detail;
  auto const text = census::share(
      {.tokens = std::vector<census::token_id>(rows), .sequences = {{.length = static_cast<std::uint32_t>(rows)}}});
  detail::device_text const there(on, text, test_products::attention_tile, rows, on->downloads());
  detail::device_array<float> const residual(on, rows * hidden);
  detail::check(cudaMemsetAsync(residual.data(), 0xff, rows * hidden * sizeof(float), on->stream()), "cudaMemsetAsync");
  std::uint64_t first_nan = 0;
  pass.pass_through(weights, there, residual.data(), &first_nan);
  detail::wait_for(on->stream());
}

/// The layers of a text, one after the other; the second product of the last one is left out.
inline std::vector<layer_here> forward(census::model const& m, census::shared_text const& text,
                                       forward_options const& options = {}) {
  namespace detail = census::cuda::detail;
  auto const& a = m.architecture();
  auto const on = detail::device::open(0);
  detail::current_device const here(on->ordinal());
  test_products products(on, options.precision);
  detail::layer_pass<test_products> pass(on, a, products, {options.keep_values, options.fires, options.attention});
  detail::device_text const there(on, text, test_products::attention_tile, options.attention.rows, on->downloads());

  std::size_t const rows = text->tokens.size(), hidden = census::padded(a.hidden_size);
  detail::device_array<float> residual(on, rows * hidden);
  detail::embedder<test_products> embedder(on, m.weights(), products, a.max_positions);
  embedder.embed(there, residual.data());

  census::layer_weights read;
  detail::layer_weights weights(on, a, options.precision, true, on->stream());
  detail::pinned_array<std::uint64_t> first_nan(1);
  std::vector<layer_here> all;
  std::size_t const layers = std::min(options.layers, a.layers);
  for (std::size_t layer = 0; layer < layers; ++layer) {
    m.weights().load(layer, layer + 1 < layers, read);
    detail::pinned_array<std::byte> staged(detail::weights_layout(a, options.precision).bytes(read.has_fc2()));
    detail::stage_weights(layer, a, read, options.precision, {staged.data(), staged.size()});
    detail::wait_at_the_end const uploaded(on->stream());
    weights.upload({staged.data(), staged.size()}, on->stream());
    if (layer == 0 && options.after_nan) run_nan(pass, weights, options.attention.rows, hidden, on);
    auto const made = pass.make_block(weights, there, residual.data(), first_nan.data());
    layer_here& one = all.emplace_back(layer_here{made.firings.on_host(), {}});
    detail::check_activations(layer, *text, a.ffn_size, *first_nan.data());
    if (!made.values) continue;
    one.values.resize(rows, a.ffn_size);
    detail::bring(*on, made.values->data(), std::span(one.values.data(), rows * census::padded(a.ffn_size)));
  }
  return all;
}

}  // namespace census_test
