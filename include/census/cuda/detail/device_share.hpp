// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/text_list.hpp>
#include <census/cuda/basic_model.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/embedder.hpp>
#include <census/cuda/detail/layer_pass.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/residual_streams.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/memory_plan.hpp>
#include <census/cuda/products.hpp>
#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>
#include <census/model/source_options.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace census::cuda::detail {

/// What one device does of a pass: it runs texts through the layer at hand, in their order. All its arithmetic is in
/// one stream, which goes on with the next text while a block is looked at and counted in another one. Whatever throws,
/// nothing goes before the work that uses it has ended.
template <product_engine Products>
class device_share {
 public:
  /// Allocates what the plan says. The model has to outlive it. Precondition: the device is the current one.
  device_share(std::shared_ptr<device const> on, basic_model<Products> const& m, text_list texts,
               std::size_t last_layer, device_plan const& plan, source_options<> const& options)
      : on_(std::move(on)), counted_on_(device::open(on_->ordinal())), shape_(m.architecture()),
        texts_(std::move(texts)), attention_rows_(plan.attention.rows), products_(on_, m.precision()),
        embed_(std::in_place, on_, m.weights(), products_, plan.context),
        pass_(on_, shape_, products_, {options.keep_values, options.fires, plan.attention}),
        residuals_(on_, texts_.rows(), shape_.hidden_size,
                   {.on_device = plan.residuals_held,
                    .on_host = last_layer > 1 ? options.residual_memory : everything,
                    .folder = options.residual_folder}),
        first_nan_(most_running), end_(on_->stream()) {}

  /// Begins a layer, whose weights must stay as long as it is at hand. All texts have been through the one before.
  void begin_layer(std::size_t layer, layer_weights const& weights) {
    layer_ = layer, weights_ = &weights, next_text_ = 0;
    if (layer == 1) embed_.reset();
  }

  /// Gives the device the next texts to run, as many as it takes at a time; waits for none of them.
  void go_ahead(bool makes_blocks) {
    current_device const now(on_->ordinal());
    while (next_text_ < texts_.size() && running_.size() < most_running) start(makes_blocks);
  }

  /// The block of the text that was started first, whose values, where they are kept, are on the host. Throws bad_input
  /// where an activation is NaN. Precondition: it was started to make one.
  block next_block() {
    current_device const now(on_->ordinal());
    running_text const done = finish();
    return block(static_cast<std::uint32_t>(layer_), done.there.text(), firings(done.made->firings, counted_on_),
                 values_on_host(*done.made));
  }

  /// Waits for that text, and leaves its block out.
  void pass_over() {
    current_device const now(on_->ordinal());
    finish();
  }

 private:
  static constexpr std::size_t most_running = 2;  // texts: one that the host waits for, and one ahead
  static constexpr std::uint64_t everything = std::numeric_limits<std::uint64_t>::max();

  // A text that the device was given to run through the layer at hand.
  struct running_text {
    device_text there;
    std::optional<layer_outputs> made;
    std::uint64_t* first_nan;
    event done;
  };

  void start(bool makes_block) {
    std::size_t const text = next_text_++;
    running_text run{{on_, texts_[text], Products::attention_tile, attention_rows_, of_texts_.get()},
                     {},
                     first_nan_.data() + text % most_running,
                     {}};
    float* const residual = residuals_.take(text);
    if (layer_ == 0) embed_->embed(run.there, residual);
    if (makes_block)
      run.made.emplace(pass_.make_block(*weights_, run.there, residual, run.first_nan));
    else
      pass_.pass_through(*weights_, run.there, residual, run.first_nan);
    run.done.record(on_->stream());
    bool const has_next_layer = weights_->has_fc2();
    has_next_layer ? residuals_.put_back(text) : residuals_.release(text);
    running_.push_back(std::move(run));

    // Meanwhile comes what is needed next.
    if (next_text_ < texts_.size())
      residuals_.fetch(next_text_);
    else if (has_next_layer)
      residuals_.fetch(0);
  }

  running_text finish() {
    running_text done = std::move(running_.front());
    running_.pop_front();
    done.done.wait();
    check_activations(layer_, *done.there.text(), shape_.ffn_size, *done.first_nan);
    return done;
  }

  activation_values values_on_host(layer_outputs const& made) const {
    if (!made.values) return {};
    std::size_t const rows = made.firings.rows(), neurons = made.firings.neurons();
    auto floats = aligned_floats(rows * padded(neurons));
    bring(*on_, made.values->data(), std::span(floats.get(), rows * padded(neurons)), on_->downloads());
    return {std::move(floats), rows, neurons, padded(neurons)};
  }

  std::shared_ptr<device const> on_, counted_on_;
  architecture shape_;
  text_list texts_;
  std::size_t attention_rows_;
  stream of_texts_;  // in which texts are told to the device
  Products products_;
  std::optional<embedder<Products>> embed_;  // until all texts have been through layer 0
  layer_pass<Products> pass_;
  residual_streams residuals_;
  pinned_array<std::uint64_t> first_nan_;  // of each text that is running
  std::deque<running_text> running_;
  layer_weights const* weights_ = nullptr;  // of the layer at hand
  std::size_t layer_ = 0, next_text_ = 0;
  wait_at_the_end end_;  // goes first
};

}  // namespace census::cuda::detail
