// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/basic_model.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/embedder.hpp>
#include <census/cuda/detail/layer_loader.hpp>
#include <census/cuda/detail/layer_pass.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/residual_streams.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/memory_plan.hpp>
#include <census/model/check_input.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/source_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace census::cuda::detail {

/// The pass behind `layers` on a device. All arithmetic is in one stream, which goes on with the next text while a
/// block is looked at and counted in another one. After an error the pass is over, for half of a layer cannot be taken
/// back: everything then throws std::logic_error.
template <product_engine Products>
class layer_driver {
 public:
  /// Throws bad_input where a token, a sequence or a layer is bad, and where the device has too little memory.
  layer_driver(basic_model<Products> const& m, text_list texts, source_options<> const& options)
      : model_(m), texts_(std::move(texts)), layers_(layers_of(m.architecture(), options.layers)),
        plan_(plan_device(m, size_of(options))), on_(device::open_apart(m.device().number)),
        counted_on_(device::open(m.device().number)) {
    current_device const now(on_->ordinal());
    at_work_.emplace(model_, on_, texts_, last_layer(), plan_, options);
  }

  std::size_t first_layer() const { return layers_.first; }
  std::size_t last_layer() const { return layers_.last; }

  /// The weights of the layer at hand.
  census::layer_weights const& weights() const { return at_work_->loader.on_host(); }

  void begin_layer(std::size_t layer) {
    or_over([&] {
      layer_ = layer, next_text_ = 0;
      at_work_->loader.begin(layer);
      if (layer != 1) return;
      at_work_->embed.reset();
      model_.weights().drop_embeddings();
    });
  }

  /// The block of the next text, whose values, where they are kept, are on the host.
  std::optional<block> next_block() {
    return or_over([&]() -> std::optional<block> {
      while (next_text_ < texts_.size() && running_.size() < most_running) start(true);
      if (running_.empty()) return std::nullopt;
      running_text done = finish();
      return block(static_cast<std::uint32_t>(layer_), done.there.text(), firings(done.made->firings, counted_on_),
                   values_on_host(*done.made));
    });
  }

  /// Runs what is left of the layer, without blocks.
  void complete_layer() {
    or_over([&] {
      while (next_text_ < texts_.size() || !running_.empty()) {
        while (next_text_ < texts_.size() && running_.size() < most_running) start(false);
        finish();
      }
    });
  }

 private:
  static constexpr std::size_t most_running = 2;  // texts: one that the host waits for, and one ahead

  // A text that the device was given to run through the layer at hand.
  struct running_text {
    device_text there;
    std::optional<layer_outputs> made;
    std::uint64_t* first_nan;
    event done;
  };

  // What works on the device. Whatever throws, nothing of it goes before its work has ended.
  struct workings {
    workings(basic_model<Products> const& m, std::shared_ptr<device const> const& on, text_list const& texts,
             std::size_t last_layer, device_plan const& plan, source_options<> const& options)
        : products(on, m.precision()), loader(on, m.host(), m.precision(), last_layer, plan.layers_held),
          embed(std::in_place, on, m.weights(), products, plan.context),
          pass(on, m.architecture(), products, {options.keep_values, options.fires, plan.attention}),
          residuals(on, texts.rows(), m.architecture().hidden_size,
                    {.on_device = plan.residuals_held,
                     .on_host = last_layer > 1 ? options.residual_memory : everything,
                     .folder = options.residual_folder}),
          first_nan(most_running), end(on->stream()) {}

    static constexpr std::uint64_t everything = std::numeric_limits<std::uint64_t>::max();

    stream of_texts;  // in which texts are told to the device
    Products products;
    layer_loader loader;
    std::optional<embedder<Products>> embed;  // until all texts have been through layer 0
    layer_pass<Products> pass;
    residual_streams residuals;
    pinned_array<std::uint64_t> first_nan;  // of each text that is running
    wait_at_the_end end;
  };

  template <class Step>
  auto or_over(Step const& step) {
    if (failed_) throw std::logic_error("census::cuda: an error has ended this pass over the model");
    current_device const now(on_->ordinal());
    try {
      return step();
    } catch (...) {
      failed_ = true;
      throw;
    }
  }

  // Checks the texts on the way.
  pass_size size_of(source_options<> const& options) const {
    pass_size size{.context = 1, .rows_per_block = 1, .layers = last_layer(), .keep_values = options.keep_values.any};
    for (shared_text const& text : texts_) {
      check_text(model_.architecture(), *text);
      size.tokens += text->tokens.size();
      size.rows_per_block = std::max(size.rows_per_block, text->tokens.size());
      for (sequence const& s : text->sequences) size.context = std::max<std::size_t>(size.context, s.length);
    }
    return size;
  }

  bool has_next() const { return layer_ + 1 < last_layer(); }

  // Gives the device the next text to run.
  void start(bool makes_block) {
    std::size_t const text = next_text_++;
    workings& at = *at_work_;
    running_text run{{on_, texts_[text], Products::attention_tile, plan_.attention.rows, at.of_texts.get()},
                     {},
                     at.first_nan.data() + text % most_running,
                     {}};
    float* const residual = at.residuals.take(text);
    if (layer_ == 0) at.embed->embed(run.there, residual);
    if (makes_block)
      run.made.emplace(at.pass.make_block(at.loader.on_device(), run.there, residual, run.first_nan));
    else
      at.pass.pass_through(at.loader.on_device(), run.there, residual, run.first_nan);
    run.done.record(on_->stream());
    has_next() ? at.residuals.put_back(text) : at.residuals.release(text);
    running_.push_back(std::move(run));

    // Meanwhile comes what is needed next.
    at.loader.go_on();
    if (next_text_ < texts_.size())
      at.residuals.fetch(next_text_);
    else if (has_next())
      at.residuals.fetch(0);
  }

  // Waits for the text that was started first.
  running_text finish() {
    running_text done = std::move(running_.front());
    running_.pop_front();
    done.done.wait();
    check_activations(layer_, *done.there.text(), model_.architecture().ffn_size, *done.first_nan);
    return done;
  }

  activation_values values_on_host(layer_outputs const& made) const {
    if (!made.values) return {};
    std::size_t const rows = made.firings.rows(), neurons = made.firings.neurons();
    auto floats = aligned_floats(rows * padded(neurons));
    bring(*on_, made.values->data(), std::span(floats.get(), rows * padded(neurons)), on_->downloads());
    return {std::move(floats), rows, neurons, padded(neurons)};
  }

  basic_model<Products> model_;
  text_list texts_;
  layer_range layers_;
  device_plan plan_;
  std::shared_ptr<device const> on_, counted_on_;
  std::deque<running_text> running_;
  std::optional<workings> at_work_;  // goes first, and waits for what is running
  std::size_t layer_ = 0, next_text_ = 0;
  bool failed_ = false;
};

}  // namespace census::cuda::detail
