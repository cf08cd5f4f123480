// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/source.hpp>
#include <census/activation/text_list.hpp>
#include <census/model/detail/layer_driver.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>
#include <census/model/source_options.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// The activations of a model on some texts, one source a layer: a layered source, read once. Between layers the
/// residual streams of all texts, tokens x padded(hidden_size) x 4 bytes, wait in memory or in a file; of the weights,
/// one layer is in memory. A layer's source that is not read to its end is completed, without blocks, when the next
/// layer is asked for. References to it and its iterators end there; a source that was moved out has no blocks after
/// that. What was read to its end, or failed, throws std::logic_error when it is asked again: half of a layer cannot be
/// taken back.
template <firing_predicate Fires>
class layered_activations {
  struct state;

  struct block_generator {
    std::weak_ptr<state> from;  // the state holds the source that holds this
    std::size_t layer;
    std::optional<block> operator()() {
      auto const here = from.lock();
      return here != nullptr && here->layer() == layer ? here->next_block() : std::nullopt;
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

  iterator begin() {
    if (!state_->pending && !state_->current)
      throw std::logic_error("census::layers: these layers were read to their end; they can be read once");
    return iterator(state_);
  }
  std::default_sentinel_t end() const { return {}; }

 private:
  struct state {
    state(model const& m, text_list texts, source_options<Fires> const& options)
        : driver(m, std::move(texts), options, options.residual_memory) {}

    std::size_t layer() const { return next_layer - 1; }

    // The block of the next text in the layer at hand.
    std::optional<block> next_block() {
      if (next_text == driver.texts()) return std::nullopt;
      auto made = driver.make_block(layer(), weights, next_text);
      ++next_text;
      return made;
    }

    // The source of the layer at hand; behind the last one, nothing.
    std::optional<layer_source>& fetched(std::shared_ptr<state> const& self) {
      if (!pending) return current;
      current.reset();
      while (!current && next_layer < driver.layers().last) {
        if (next_layer > 0) complete_layer();
        begin_layer();
        if (layer() >= driver.layers().first) current.emplace(block_generator{self, layer()});
      }
      pending = false;
      return current;
    }

    void complete_layer() {
      for (; next_text < driver.texts(); ++next_text) driver.pass_through(layer(), weights, next_text);
    }

    // Its weights leave the mapping for float32; those of the next layer are read meanwhile.
    void begin_layer() {
      driver.load(next_layer, weights);
      ++next_layer, next_text = 0;
      if (layer() == 1) driver.weights().drop_embeddings();
      if (driver.has_next(layer())) driver.weights().advise(next_layer, driver.has_next(next_layer));
    }

    detail::layer_driver<Fires> driver;
    layer_weights weights;
    std::size_t next_layer = 0, next_text = 0;  // to begin, and to run through the layer at hand
    bool pending = true;                        // whether the next layer is yet to be looked for
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

}  // namespace census
