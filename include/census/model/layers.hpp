// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/generated_layers.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_list.hpp>
#include <census/model/detail/layer_driver.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>
#include <census/model/source_options.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace census {

namespace detail {

/// The pass behind `layers`: one layer's weights are in memory.
template <firing_predicate Fires>
class pass_by_layer {
 public:
  pass_by_layer(model const& m, text_list texts, source_options<Fires> const& options)
      : driver_(m, std::move(texts), options, options.residual_memory) {
    if (options.snapshots) in_step_ = options.snapshots->in_step, step_ = std::unique_lock(*in_step_, std::defer_lock);
  }

  std::size_t first_layer() const { return driver_.layers().first; }
  std::size_t last_layer() const { return driver_.layers().last; }
  layer_weights const& weights() const { return weights_; }

  /// Its weights leave the mapping for float32; those of the next layer are read meanwhile.
  void begin_layer(std::size_t layer) {
    driver_.load(layer, weights_);
    layer_ = layer, next_text_ = std::exchange(texts_done_before_, 0);
    if (layer == 1) driver_.weights().drop_embeddings();
    if (driver_.has_next(layer)) driver_.weights().advise(layer + 1, driver_.has_next(layer + 1));
  }

  /// The block of the next text.
  std::optional<block> next_block() {
    end_step();  // the block before was looked at
    if (next_text_ == driver_.texts()) return std::nullopt;
    auto made = driver_.make_block(layer_, weights_, next_text_, [&] { begin_step(); });
    ++next_text_;
    return made;
  }

  void complete_layer() {
    end_step();
    while (next_text_ < driver_.texts()) {
      driver_.pass_through(layer_, weights_, next_text_, [&] { begin_step(); });
      ++next_text_;
      end_step();
    }
  }

  /// Texts that went through the layer at hand.
  std::size_t texts_done() const { return next_text_; }

  /// This layer is begun first, and has been gone through by so many texts before.
  void resume_at(std::size_t layer, std::size_t texts) {
    driver_.check_begun(layer, texts);
    layer_ = layer;
    next_text_ = texts_done_before_ = texts;
  }

  residual_store& residuals() { return driver_.residuals(); }

 private:
  void begin_step() {
    if (in_step_) step_.lock();
  }
  void end_step() {
    if (step_.owns_lock()) step_.unlock();
  }

  layer_driver<Fires> driver_;
  layer_weights weights_;
  std::size_t layer_ = 0, next_text_ = 0;  // at hand, and the text to run through it next
  std::size_t texts_done_before_ = 0;      // of the layer to begin next
  std::shared_ptr<std::mutex> in_step_;    // none without snapshots
  std::unique_lock<std::mutex> step_;
};

}  // namespace detail

/// The activations of a model on some texts, one source a layer: a layered source, read once, as generated_layers
/// tells. Between layers the residual streams of all texts, tokens x padded(hidden_size) x 4 bytes, wait in memory or
/// in a file; of the weights, one layer is in memory. What was read to its end, or failed, throws std::logic_error when
/// it is asked again: half of a layer cannot be taken back.
template <firing_predicate Fires>
class layered_activations : public generated_layers<detail::pass_by_layer<Fires>> {
 public:
  layered_activations(model const& m, text_list texts, source_options<Fires> const& options)
      : generated_layers<detail::pass_by_layer<Fires>>(std::in_place, m, std::move(texts), options) {}

  /// The weights of the layer at hand, in float32; without the second product's where the layer is the last one asked
  /// for.
  layer_weights const& weights() const { return this->pass().weights(); }

  /// What follows makes it one of resumable_layers, where options.snapshots is set.
  std::size_t texts_done() const { return this->pass().texts_done(); }

  /// Stores the residual streams, or restores them.
  template <class Archive>
  void serialize(Archive& archive) {
    this->pass().residuals().serialize(archive);
  }
  void resume_at(std::size_t layer, std::size_t texts_done) {
    this->pass().resume_at(layer, texts_done);
    this->begin_at(layer);
  }

  void forget_earlier_snapshots() { this->pass().residuals().forget_earlier_snapshots(); }
};

/// The layers of a model on some texts, one source each, for tables that live one layer at a time. Computes no more
/// than `activations` does and throws as it does.
template <firing_predicate Fires = fires_above>
layered_activations<Fires> layers(model const& m, text_list texts, source_options<Fires> const& options = {}) {
  return {m, std::move(texts), options};
}

template <text_supplier Corpus, firing_predicate Fires = fires_above>
layered_activations<Fires> layers(model const& m, Corpus const& corpus, source_options<Fires> const& options = {}) {
  return {m, text_list(corpus.texts(options.rows_per_block)), options};
}

}  // namespace census
