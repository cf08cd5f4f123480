// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cancelled.hpp>
#include <census/model/check_input.hpp>
#include <census/model/detail/layer_pass.hpp>
#include <census/model/detail/residual_store.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model.hpp>
#include <census/model/source_options.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace census::detail {

/// Runs texts through a model's layers, up to the last one asked for; what `activations` and `layers` share. In which
/// order, text by text or layer by layer, is theirs to choose, as long as each text goes through the layers in turn.
/// After an error the pass is over, for half of a layer cannot be taken back: everything then throws std::logic_error.
template <firing_predicate Fires>
class layer_driver {
 public:
  /// At most `residual_memory` bytes of residual streams are held between layers; the others wait in a file in
  /// options.residual_folder. Throws bad_input where a token, a sequence or a layer is bad.
  layer_driver(model m, text_list texts, source_options<Fires> const& options, std::uint64_t residual_memory)
      : model_(std::move(m)), texts_(std::move(texts)), layers_(layers_of(model_.architecture(), options.layers)),
        pass_(model_, options.keep_values, options.fires),
        residuals_(residuals_of(texts_, model_.architecture().hidden_size, residual_memory, options)) {
    for (auto const& text : texts_) check_text(model_.architecture(), *text);
  }

  model_weights const& weights() const { return model_.weights(); }
  layer_range layers() const { return layers_; }
  std::size_t texts() const { return texts_.size(); }

  /// Whether another layer reads what this one makes of the residual stream. Of the last one neither the second matrix
  /// is read nor the update computed.
  bool has_next(std::size_t layer) const { return layer + 1 < layers_.last; }

  /// Throws std::invalid_argument unless the residual streams are there with which a layer can be gone on with, of
  /// which so many texts are done.
  void check_begun(std::size_t layer, std::size_t texts_done) const {
    if (layer > layers_.last || texts_done > texts())
      throw std::invalid_argument("a pass in layer " + std::to_string(layer) + " with " + std::to_string(texts_done) +
                                  " texts done, where there are " + std::to_string(layers_.last) + " layers and " +
                                  std::to_string(texts()) + " texts");
    for (std::size_t text = 0; text < texts(); ++text) {
      bool const is_done = text < texts_done, is_of_use = is_done ? has_next(layer) : layer > 0 && layer < layers_.last;
      if (is_of_use && !residuals_.has(text))
        throw std::invalid_argument("no residual stream of text " + std::to_string(text) +
                                    ", which goes on from layer " + std::to_string(layer));
    }
  }

  /// Reads what is needed of a layer's weights.
  void load(std::size_t layer, layer_weights& into) {
    or_over([&] { weights().load(layer, has_next(layer), into); });
  }

  /// The block of a text in a layer; brings its residual stream to the next one, where `before_leaving` is called
  /// first.
  template <std::invocable BeforeLeaving = void (*)()>
  block make_block(
      std::size_t layer, layer_weights const& weights, std::size_t text, BeforeLeaving const& before_leaving = [] {}) {
    return or_over([&] {
      auto& residual = enter(layer, text);
      auto made = pass_.make_block(layer, weights, at_hand_, residual);
      before_leaving();
      leave(layer, text);
      return made;
    });
  }

  /// Brings a text's residual stream to the next layer, without a block.
  template <std::invocable BeforeLeaving = void (*)()>
  void pass_through(
      std::size_t layer, layer_weights const& weights, std::size_t text, BeforeLeaving const& before_leaving = [] {}) {
    or_over([&] {
      auto& residual = enter(layer, text);
      pass_.pass_through(layer, weights, *at_hand_, residual);
      before_leaving();
      leave(layer, text);
    });
  }

  residual_store& residuals() { return residuals_; }

  /// Frees the memory of a text that goes no further.
  void abandon(std::size_t text) { residuals_.release(text); }

 private:
  static residual_store residuals_of(text_list const& texts, std::size_t columns, std::uint64_t memory,
                                     source_options<Fires> const& options) {
    if (options.snapshots)
      return {texts.rows(), columns, memory, residual_store::with_snapshots{options.snapshots->folder}};
    return {texts.rows(), columns, memory, options.residual_folder};
  }

  template <class Step>
  auto or_over(Step const& step) {
    if (failed_) throw std::logic_error("census: an error has ended this pass over the model");
    check_not_cancelled();
    try {
      return step();
    } catch (...) {
      failed_ = true;
      throw;
    }
  }

  padded_matrix& enter(std::size_t layer, std::size_t text) {
    if (at_hand_ == nullptr || text_ != text) at_hand_ = texts_[text], text_ = text;
    auto& residual = residuals_.take(text);
    if (layer == 0) pass_.embed(*at_hand_, residual);
    return residual;
  }
  void leave(std::size_t layer, std::size_t text) {
    has_next(layer) ? residuals_.put_back(text) : residuals_.release(text);
  }

  model model_;
  text_list texts_;
  layer_range layers_;
  layer_pass<Fires> pass_;
  residual_store residuals_;
  shared_text at_hand_;   // the text that was run last: its blocks share it,
  std::size_t text_ = 0;  // and its number
  bool failed_ = false;
};

}  // namespace census::detail
