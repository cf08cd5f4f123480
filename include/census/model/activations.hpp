// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/source.hpp>
#include <census/activation/text_list.hpp>
#include <census/model/detail/layer_driver.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>
#include <census/model/source_options.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// The callable behind `activations`: text after text, the asked layers of each in turn.
template <firing_predicate Fires>
class text_by_text {
 public:
  text_by_text(model const& m, text_list texts, source_options<Fires> const& options)
      : driver_(std::make_unique<layer_driver<Fires>>(m, std::move(texts), options,
                                                      std::numeric_limits<std::uint64_t>::max())),
        keep_weights_(options.keep_weights), weights_(keep_weights_ ? driver_->layers().last : 1) {
    for (std::size_t layer = 0; keep_weights_ && layer < weights_.size(); ++layer)
      driver_->load(layer, weights_[layer]);
  }

  std::optional<block> operator()() {
    auto const [first, last] = driver_->layers();
    std::size_t const text = next_ / (last - first), layer = first + next_ % (last - first);
    if (text >= driver_->texts()) return std::nullopt;
    if (text != text_) {
      if (text_ != none) driver_->abandon(text_);
      text_ = text, layer_ = 0;
    }
    for (; layer_ < layer; ++layer_) driver_->pass_through(layer_, weights_of(layer_), text);
    auto made = driver_->make_block(layer_, weights_of(layer_), text);
    ++layer_, ++next_;
    return made;
  }

  /// Passes over blocks: those of whole texts cost nothing.
  void skip(std::uint64_t blocks) { next_ += blocks; }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  layer_weights const& weights_of(std::size_t layer) {
    if (keep_weights_) return weights_[layer];
    driver_->load(layer, weights_.front());
    return weights_.front();
  }

  std::unique_ptr<layer_driver<Fires>> driver_;
  bool keep_weights_;
  std::vector<layer_weights> weights_;   // of all layers, or of the one that is run
  std::size_t text_ = none, layer_ = 0;  // the text at hand, and the layer that it is to run through next
  std::uint64_t next_ = 0;               // the block to yield next
};

}  // namespace detail

/// The activations of a model on some texts, after the activation function: an activation source, read once. Text after
/// text, a block for each layer asked for. Computes no layer past the last one asked for, there not the second product,
/// and never the output embedding. Throws bad_input at once where a token, a sequence or a layer is bad; when a weight
/// is read that is not finite; while it is read, where an activation is NaN. What failed once fails again, with
/// std::logic_error.
template <firing_predicate Fires = fires_above>
generated_source<detail::text_by_text<Fires>> activations(model const& m, text_list texts,
                                                          source_options<Fires> const& options = {}) {
  return generated_source(detail::text_by_text<Fires>(m, std::move(texts), options));
}

template <text_supplier Corpus, firing_predicate Fires = fires_above>
generated_source<detail::text_by_text<Fires>> activations(model const& m, Corpus const& corpus,
                                                          source_options<Fires> const& options = {}) {
  return activations<Fires>(m, text_list(corpus.texts(options.rows_per_block)), options);
}

}  // namespace census
