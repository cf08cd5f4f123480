// SPDX-License-Identifier: MIT
// One layer of a model's shape on a device, on one text, with random weights: against its bare products, and five
// tables against it.
#pragma once

#include "checks.hpp"
#include "keys.hpp"
#include "measures.hpp"
#include "recorded_products.hpp"

#include <census/activation/text_list.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/layer_pass.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/tabulate.hpp>
#include <census/model/architecture.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/splitmix64.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

/// A layer's weights: matrices normal, so that what comes out is about as large as what goes in; gains 1, biases 0.
inline census::layer_weights random_weights(census::architecture const& a) {
  census::layer_weights made;
  made.resize(a, true);
  std::vector<float> pool(1 << 20);
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(a.hidden_size)));
  for (float& value : pool) value = normal(random);
  for (auto* matrix : {&made.attention_in, &made.attention_out, &made.fc1, &made.fc2})
    tbb::parallel_for(std::size_t{0}, matrix->rows(), [&](std::size_t row) {
      std::size_t const first = row * 7919 % (pool.size() - matrix->columns());
      std::copy_n(pool.begin() + static_cast<std::ptrdiff_t>(first), matrix->columns(), matrix->row(row).begin());
    });
  for (auto* row : {&made.attention_gain, &made.ffn_gain}) std::ranges::fill(row->row(0), 1.f);
  for (auto* row : {&made.attention_bias, &made.attention_in_bias, &made.attention_out_bias, &made.ffn_bias,
                    &made.fc1_bias, &made.fc2_bias})
    std::ranges::fill(row->row(0), 0.f);
  return made;
}

/// What a layer takes on a text, in seconds.
struct layer_times {
  double layer = 0, products = 0, tables = 0;
  double operations = 0;  ///< of its products
};

template <census::cuda::product_engine Products>
layer_times time_layer(census::architecture const& a, census::cuda::precision p, census::shared_text const& text) {
  using namespace census::cuda::detail;
  auto const on = device::open(0);
  recorded_products<Products> products(on, p);
  layer_pass<recorded_products<Products>> pass(on, a, products, {});
  device_text const there(on, text, Products::attention_tile, attention_memory{}.rows, on->stream());
  layer_weights weights(on, a, p, true, on->stream());
  auto const on_host = random_weights(a);
  std::vector<std::byte> staged(weights_layout(a, p).whole);
  stage_weights(0, a, on_host, p, staged);
  weights.upload(staged, on->stream());
  std::size_t const rows = text->tokens.size(), hidden = census::padded(a.hidden_size);
  std::vector<float> stream(rows * hidden);
  tbb::parallel_for(std::size_t{0}, stream.size(),
                    [&](std::size_t i) { stream[i] = static_cast<float>(census::splitmix64(i) % 2000) * 1e-3f - 1.f; });
  device_array<float> residual(on, stream.size());
  check(cudaMemcpyAsync(residual.data(), stream.data(), stream.size() * sizeof(float), cudaMemcpyHostToDevice,
                        on->stream()),
        "cudaMemcpyAsync");
  pinned_array<std::uint64_t> first_nan(1);
  wait_at_the_end const work(on->stream());

  products.record(true);
  auto made = pass.make_block(weights, there, residual.data(), first_nan.data());
  products.record(false);
  wait_for(on->stream());
  check_activations(0, *text, a.ffn_size, *first_nan.data());
  census::padded_matrix first_tokens(std::min<std::size_t>(16, text->sequences[0].length), a.hidden_size);
  std::copy_n(stream.begin(), first_tokens.rows() * hidden, first_tokens.data());
  check_layer(a, p, on_host, std::move(first_tokens), made.firings.on_host());

  layer_times times;
  times.operations = products.operations();
  times.layer =
      seconds_of(on->stream(), 5, [&] { made = pass.make_block(weights, there, residual.data(), first_nan.data()); });
  times.products = seconds_of(on->stream(), 5, [&] { products.repeat(on->stream()); });
  times.tables = seconds_of_tables(made.firings, *text);
  return times;
}
