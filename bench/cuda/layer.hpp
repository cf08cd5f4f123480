// SPDX-License-Identifier: MIT
// One layer of a model's shape on a device, on one text, with random weights: against its bare products, and five
// tables against it.
#pragma once

#include "keys.hpp"
#include "measures.hpp"
#include "recorded_products.hpp"

#include <census/activation/text_list.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/factors.hpp>
#include <census/cuda/detail/layer_pass.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/tabulate.hpp>
#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>
#include <census/splitmix64.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

/// A layer's weights as they are uploaded: matrices normal, so that what comes out is about as large as what goes in;
/// gains 1, biases 0.
inline std::vector<std::byte> random_weights(census::architecture const& a, census::cuda::precision p) {
  using census::padded;
  census::cuda::detail::weights_layout const at(a, p);
  std::vector<std::byte> made(at.whole);
  std::vector<float> pool(1 << 20), ones(a.hidden_size, 1.f);
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 1 / std::sqrt(static_cast<float>(a.hidden_size)));
  for (float& value : pool) value = normal(random);

  auto const matrix = [&](std::size_t place, std::size_t rows, std::size_t columns) {
    tbb::parallel_for(std::size_t{0}, rows, [&](std::size_t row) {
      std::size_t const first = row * 7919 % (pool.size() - columns);
      census::cuda::detail::write_factors(std::span(pool).subspan(first, columns), p, padded(columns),
                                          &made[place + row * padded(columns) * census::cuda::factor_bytes(p)]);
    });
  };
  matrix(at.attention_in, a.hidden_size, 3 * a.hidden_size), matrix(at.attention_out, a.hidden_size, a.hidden_size);
  matrix(at.fc1, a.hidden_size, a.ffn_size), matrix(at.fc2, a.ffn_size, a.hidden_size);
  for (std::size_t const gain : {at.attention_gain, at.ffn_gain})
    std::memcpy(&made[gain], ones.data(), ones.size() * sizeof(float));
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
  auto const staged = random_weights(a, p);
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

  layer_times times;
  times.operations = products.operations();
  times.layer =
      seconds_of(on->stream(), 5, [&] { made = pass.make_block(weights, there, residual.data(), first_nan.data()); });
  times.products = seconds_of(on->stream(), 5, [&] { products.repeat(on->stream()); });
  times.tables = seconds_of_tables(made.firings, *text);
  return times;
}
