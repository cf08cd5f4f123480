// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/detail/attention.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/factors.hpp>
#include <census/cuda/detail/forward_kernels.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/products.hpp>
#include <census/error.hpp>
#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>
#include <census/model/source_options.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace census::cuda::detail {

/// What a layer yields of a text, in the stream's order.
struct layer_outputs {
  cuda::firings firings;                      ///< [row, neuron]
  std::optional<device_array<float>> values;  ///< [row, padded(neurons)], where they are kept
};

/// Throws bad_input naming layer, document, piece and token where `first_nan`, which layer_pass has written, tells of
/// an activation that is NaN: row · neurons + neuron of the first one, or all ones.
inline void check_activations(std::size_t layer, text_rows const& text, std::size_t neurons, std::uint64_t first_nan) {
  if (first_nan == ~std::uint64_t{0}) return;
  std::uint64_t const row = first_nan / neurons;
  auto const after = std::ranges::upper_bound(text.sequences, row, {}, &sequence::first_row);
  sequence const& s = *(after - 1);
  throw bad_input("layer " + std::to_string(layer) + ", document " + std::to_string(s.document) + ", piece " +
                      std::to_string(s.piece) + ", token " + std::to_string(row - s.first_row),
                  "the activation is NaN");
}

/// Runs texts through a model's layers on a device, a layer of a text at a time: the twin of
/// census::detail::layer_pass. All its work is in the device's stream, and nothing waits for it. Products take fixed
/// tiles of rows, attention whole sequences, so that a row's bits depend on its own sequence alone; and working memory
/// does not grow with the text.
template <product_engine Products>
class layer_pass {
 public:
  struct settings {
    kept_values keep_values = false;
    fires_above fires = {};
    attention_memory attention = {};
  };

  /// Allocates working memory. `products` must outlive it. Precondition, of what follows too: the device is the current
  /// one.
  layer_pass(std::shared_ptr<device const> on, architecture const& a, Products& products, settings const& options)
      : on_(std::move(on)), shape_(a), products_(products), options_(options),
        attention_(on_, a, products, options.attention),
        normed_(on_, tile * hidden() * factor_bytes(products.precision())),
        product_(on_, tile * std::max(3 * hidden(), ffn())),
        activations_(on_, tile * ffn() * factor_bytes(products.precision())), first_nan_(on_, 1) {}

  /// Bytes of device memory that it takes; what a block holds comes on top of it.
  static std::uint64_t bytes(architecture const& a, precision p, settings const& options) {
    std::uint64_t const hidden = padded(a.hidden_size), ffn = padded(a.ffn_size);
    return attention<Products>::bytes(a, p, options.attention) + tile * (hidden + ffn) * factor_bytes(p) +
           tile * std::max(3 * hidden, ffn) * sizeof(float) + sizeof(std::uint64_t);
  }

  /// A layer of a text, whose residual stream [row, padded(hidden)] float32 lies on the device: it becomes that of the
  /// next layer where `weights` have fc2, and else is no longer of use. `first_nan`, in host memory, best pinned, is
  /// written once the stream has come so far; for check_activations. The text's attention rows must have been made for
  /// the same attention_memory and tile. Throws device_error.
  layer_outputs make_block(layer_weights const& weights, device_text const& text, float* residual,
                           std::uint64_t* first_nan) {
    std::size_t const rows = text.rows();
    device_array<std::uint64_t> bits(on_, rows * packed_firings::words_for(shape_.ffn_size));
    std::optional<device_array<float>> values;
    if (options_.keep_values.any) values.emplace(on_, rows * ffn());
    run(weights, text, residual, first_nan, bits.data(), values ? values->data() : nullptr);
    return {{std::move(bits), rows, shape_.ffn_size}, std::move(values)};
  }

  /// The same without firings and values.
  void pass_through(layer_weights const& weights, device_text const& text, float* residual, std::uint64_t* first_nan) {
    run(weights, text, residual, first_nan, nullptr, nullptr);
  }

 private:
  static constexpr std::size_t tile = Products::row_tile;

  std::size_t hidden() const { return padded(shape_.hidden_size); }
  std::size_t ffn() const { return padded(shape_.ffn_size); }
  bool norms_before() const { return shape_.norms.stands == norm_settings::place::before; }

  /// Calls f(first row, rows) for each tile of rows [first, last); the last tile may have fewer rows than a product.
  template <class F>
  static void each_tile(std::size_t first, std::size_t last, F const& f) {
    for (; first < last; first += tile) f(first, std::min(tile, last - first));
  }

  void run(layer_weights const& weights, device_text const& text, float* residual, std::uint64_t* first_nan,
           std::uint64_t* firings, float* values) {
    check(cudaMemsetAsync(first_nan_.data(), 0xff, sizeof(std::uint64_t), on_->stream()), "cudaMemsetAsync");
    for (auto const& slice : text.slices()) attend(weights, text, slice, residual);
    each_tile(0, text.rows(), [&](std::size_t first, std::size_t rows) {
      float* const stream = residual + first * hidden();
      feed_forward(weights, stream, first, rows, firings, values);
      if (weights.has_fc2())
        update(activations_.data(), ffn(), weights.fc2(), weights.fc2_bias(), weights.ffn_gain(), weights.ffn_bias(),
               stream, rows);
    });
    check(cudaMemcpyAsync(first_nan, first_nan_.data(), sizeof(std::uint64_t), cudaMemcpyDeviceToHost, on_->stream()),
          "cudaMemcpyAsync");
  }

  /// residual += attention(norm(residual)), of a slice's rows.
  void attend(layer_weights const& weights, device_text const& text, device_text::slice const& slice, float* residual) {
    attention_.begin(slice);
    each_tile(slice.first_row, slice.last_row, [&](std::size_t first, std::size_t rows) {
      norm_before(weights.attention_gain(), weights.attention_bias(), residual + first * hidden(), rows);
      multiply(normed_.data(), hidden(), weights.attention_in(), 3 * hidden());
      attention_.take(product_.data(), weights.attention_in_bias(), text.places() + first, rows);
    });
    attention_.run(text, slice);
    each_tile(slice.first_row, slice.last_row, [&](std::size_t first, std::size_t rows) {
      update(attention_.attended(first - slice.first_row), hidden(), weights.attention_out(),
             weights.attention_out_bias(), weights.attention_gain(), weights.attention_bias(),
             residual + first * hidden(), rows);
    });
  }

  /// activations_ = f(fc1(norm(residual))) of a tile's rows, of which the first is `first` of the text's; firings and
  /// values where they are wanted.
  void feed_forward(layer_weights const& weights, float const* residual, std::size_t first, std::size_t rows,
                    std::uint64_t* firings, float* values) {
    norm_before(weights.ffn_gain(), weights.ffn_bias(), residual, rows);
    multiply(normed_.data(), hidden(), weights.fc1(), ffn());
    std::size_t const words = packed_firings::words_for(shape_.ffn_size);
    kernels::activation_outputs const into{
        firings == nullptr ? nullptr : reinterpret_cast<std::uint32_t*>(firings + first * words),
        values == nullptr ? nullptr : values + first * ffn(),
        options_.keep_values.before_activation,
        factor_type_of(products_.precision()),
        weights.has_fc2() ? activations_.data() : nullptr,
        reinterpret_cast<unsigned long long*>(first_nan_.data())};
    launch_on_rows(rows, ffn(), on_->stream(), kernels::activate_and_pack, product_.data(), weights.fc1_bias(),
                   static_cast<kernels::activation>(shape_.activation), options_.fires.threshold, shape_.ffn_size,
                   ffn(), 2 * words, first, into);
  }

  /// normed_ = what a part of the layer reads of the residual stream: normed where norms come before.
  void norm_before(float const* gain, float const* bias, float const* residual, std::size_t rows) {
    auto const type = factor_type_of(products_.precision());
    if (norms_before())
      norm(gain, bias, residual, rows, type, normed_.data());
    else
      launch_on_rows(rows, hidden(), on_->stream(), kernels::round_to_factors, residual, hidden(), type,
                     normed_.data());
  }

  void norm(float const* gain, float const* bias, float const* x, std::size_t rows, kernels::factor_type type,
            void* into) const {
    launch_on_rows(rows, hidden(), on_->stream(), kernels::norm, x, gain, bias, shape_.norms.epsilon,
                   shape_.hidden_size, hidden(), type, into);
  }

  /// residual += factors [row, depth] · matrix [depth, hidden] + bias; normed where norms come after.
  void update(void const* factors, std::size_t depth, void const* matrix, float const* bias, float const* norm_gain,
              float const* norm_bias, float* residual, std::size_t rows) {
    multiply(factors, depth, matrix, hidden());
    launch_on_rows(rows, hidden(), on_->stream(), kernels::add_update, product_.data(), bias, hidden(), residual);
    if (!norms_before()) norm(norm_gain, norm_bias, residual, rows, kernels::factor_type::float32, residual);
  }

  /// product_ [tile, columns] = factors [tile, depth] · matrix [depth, columns].
  void multiply(void const* factors, std::size_t depth, void const* matrix, std::size_t columns) {
    products_.multiply({tile, columns, depth, depth, columns, columns}, factors, matrix, product_.data(), {},
                       on_->stream());
  }

  std::shared_ptr<device const> on_;
  architecture shape_;
  Products& products_;
  settings options_;
  attention<Products> attention_;
  device_array<std::byte> normed_;       // [tile, hidden] factors
  device_array<float> product_;          // [tile, the widest product]
  device_array<std::byte> activations_;  // [tile, ffn] factors
  device_array<std::uint64_t> first_nan_;
};

}  // namespace census::cuda::detail
