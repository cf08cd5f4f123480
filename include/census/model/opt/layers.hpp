// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/source.hpp>
#include <census/activation/text_list.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/layer_pass.hpp>
#include <census/model/opt/model.hpp>
#include <census/model/opt/source.hpp>
#include <census/model/residual_store.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census::opt {

/// The activations of a model on some texts, one source a layer: a layered source, read once. Between layers the
/// residual streams of all texts, tokens x padded(hidden_size) x 4 bytes, wait in memory or in a file; of the weights,
/// one layer is in memory. A layer's source that is not read to its end is completed, without blocks, when the next
/// layer is asked for. References to it and its iterators end there; a source that was moved out has no blocks after
/// that. What failed once fails again, with std::logic_error: half of a layer cannot be taken back.
template <firing_predicate Fires>
class layered_activations {
  struct state;

  struct block_generator {
    std::weak_ptr<state> from;  // the state holds the source that holds this
    std::size_t layer;
    std::optional<block> operator()() {
      auto const here = from.lock();
      return here != nullptr && here->layer == layer ? here->advance(true) : std::nullopt;
    }
  };

 public:
  using layer_source = generated_source<block_generator>;

  layered_activations(model const& m, text_list texts, source_options<Fires> const& options)
      : state_(std::make_shared<state>(m, std::move(texts), options)) {}

  class iterator {
   public:
    using value_type = layer_source;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    layer_source& operator*() const { return *state_->fetched(state_); }
    iterator& operator++() {
      state_->fetched(state_);
      state_->pending = true;  // the rest of this layer is computed when the next is looked for, not here
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& here, std::default_sentinel_t) { return !here.state_->fetched(here.state_); }

   private:
    friend layered_activations;
    explicit iterator(std::shared_ptr<state> from) : state_(std::move(from)) {}
    std::shared_ptr<state> state_;
  };

  /// The weights of the layer at hand, in float32; without the second product's where the layer is the last one asked
  /// for.
  layer_weights const& weights() const { return state_->weights; }

  iterator begin() { return iterator(state_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  struct state {
    state(model const& m, text_list all, source_options<Fires> const& options)
        : source(m), texts(std::move(all)), layers(layers_of(m.config(), options.layers)),
          pass(m, options.keep_values, options.fires),
          residuals(texts.rows(), m.config().hidden_size, options.residual_memory, options.residual_folder) {
      for (auto const& text : texts) check_text(m.config(), *text);
    }

    // The block of the next text in this layer.
    std::optional<block> advance(bool emit) {
      if (failed) throw std::logic_error("census::opt::layers: an error has ended this pass");
      if (next_text == texts.size()) return std::nullopt;
      failed = true;
      auto const text = texts[next_text];
      auto& residual = residuals.take(next_text);
      if (layer == 0) pass.embed(*text, residual);
      bool const update = layer + 1 < layers.last;
      auto made = pass.run(layer, weights, text, residual, emit, update);
      update ? residuals.put_back(next_text) : residuals.release(next_text);
      ++next_text;
      failed = false;
      return made;
    }

    // Its weights leave the mapping for float32; those of the next layer are read meanwhile.
    void begin_layer(std::size_t number) {
      failed = true;
      layer = number, next_text = 0;
      source.weights().load(layer, layer + 1 < layers.last, weights);
      if (layer == 1) source.weights().drop_embeddings();
      if (layer + 1 < layers.last) source.weights().advise(layer + 1, layer + 2 < layers.last);
      failed = false;
    }
    void complete_layer() {
      while (next_text < texts.size()) advance(false);
    }

    std::optional<layer_source>& fetched(std::shared_ptr<state> const& self) {
      if (!pending) return current;
      current.reset();
      if (layer + 1 < layers.last || !begun) begin_next(self);
      pending = false;
      return current;
    }

    void begin_next(std::shared_ptr<state> const& self) {
      if (begun) complete_layer();
      begin_layer(begun ? layer + 1 : 0);
      begun = true;
      while (layer < layers.first) complete_layer(), begin_layer(layer + 1);
      current.emplace(block_generator{self, layer});
    }

    model source;
    text_list texts;
    layer_range layers;
    layer_pass<Fires> pass;
    layer_weights weights;
    residual_store residuals;
    std::size_t layer = 0, next_text = 0;
    bool begun = false, pending = true, failed = false;
    std::optional<layer_source> current;
  };

  std::shared_ptr<state> state_;
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

}  // namespace census::opt
