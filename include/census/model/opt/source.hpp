// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/source.hpp>
#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/layer_pass.hpp>
#include <census/model/opt/model.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census::opt {

/// Whatever can be cut into texts of about so many rows, whole sequences, in order: a corpus.
template <class C>
concept text_supplier = requires(C const& corpus, std::size_t rows) {
  { corpus.texts(rows) } -> std::convertible_to<text_list>;
};

/// The callable behind `activations`: text after text, the asked layers of each in turn.
template <firing_predicate Fires>
class activation_generator {
 public:
  activation_generator(model const& m, text_list texts, source_options<Fires> const& options)
      : model_(m), texts_(std::move(texts)), layers_(layers_of(m.config(), options.layers)),
        keep_weights_(options.keep_weights),
        pass_(std::make_unique<layer_pass<Fires>>(m, options.keep_values, options.fires)) {
    for (auto const& text : texts_) check_text(m.config(), *text);
    weights_.resize(keep_weights_ ? layers_.last : 1);
    for (std::size_t layer = 0; keep_weights_ && layer < layers_.last; ++layer)
      model_.weights().load(layer, layer + 1 < layers_.last, weights_[layer]);
  }

  /// After an error the pass is over: half of a layer cannot be taken back.
  std::optional<block> operator()() {
    if (failed_) throw std::logic_error("census::opt::activations: an error has ended this pass");
    failed_ = true;
    auto made = next();
    failed_ = false;
    return made;
  }

  /// Passes over blocks: those of whole texts cost nothing.
  void skip(std::uint64_t blocks) { next_ += blocks; }

 private:
  std::optional<block> next() {
    std::size_t const layers_a_text = layers_.last - layers_.first, text = next_ / layers_a_text;
    if (text >= texts_.size()) return std::nullopt;
    if (text_ != text) {
      at_hand_ = texts_[text];
      pass_->embed(*at_hand_, residual_);
      text_ = text, layer_ = 0;
    }
    std::size_t const layer = layers_.first + next_++ % layers_a_text;
    while (layer_ < layer) run(false);
    return run(true);
  }

  std::optional<block> run(bool emit) {
    std::size_t const layer = layer_++;
    bool const update = layer + 1 < layers_.last;
    if (!keep_weights_) model_.weights().load(layer, update, weights_[0]);
    return pass_->run(layer, weights_[keep_weights_ ? layer : 0], at_hand_, residual_, emit, update);
  }

  model model_;
  text_list texts_;
  layer_range layers_;
  bool keep_weights_;
  std::unique_ptr<layer_pass<Fires>> pass_;
  std::vector<layer_weights> weights_;
  shared_text at_hand_;
  padded_matrix residual_;
  std::size_t text_ = layer_range{}.last, layer_ = 0;  // what the residual stream is that of
  std::uint64_t next_ = 0;                             // the block to yield next
  bool failed_ = false;
};

/// The activations of a model on some texts, after the activation function: an activation source, read once. Text after
/// text, a block for each layer asked for. Computes no layer past the last one asked for, there not the second product,
/// and never the output embedding. Throws bad_input at once where a token, a sequence or a layer is bad; when a weight
/// is read that is not finite; while it is read, where an activation is NaN.
template <firing_predicate Fires = fires_above>
generated_source<activation_generator<Fires>> activations(model const& m, text_list texts,
                                                          source_options<Fires> const& options = {}) {
  return generated_source(activation_generator<Fires>(m, std::move(texts), options));
}

template <text_supplier Corpus, firing_predicate Fires = fires_above>
generated_source<activation_generator<Fires>> activations(model const& m, Corpus const& corpus,
                                                          source_options<Fires> const& options = {}) {
  return activations<Fires>(m, text_list(corpus.texts(options.rows_per_block)), options);
}

}  // namespace census::opt
