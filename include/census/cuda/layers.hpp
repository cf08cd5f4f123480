// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/generated_layers.hpp>
#include <census/activation/text_list.hpp>
#include <census/cuda/basic_model.hpp>
#include <census/cuda/detail/layer_driver.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/source_options.hpp>

#include <utility>

namespace census::cuda {

/// The activations of a model on some texts, one source of cuda::blocks a layer: a layered source, read once, as
/// generated_layers tells. While the host looks at a block, devices run the next texts; the next layer's weights and
/// the residual streams that do not stay on a device come and go beside that. Blocks come in the order of the texts,
/// each lying on the device that ran it. What failed once fails again, with std::logic_error: half of a layer cannot be
/// taken back.
template <product_engine Products>
class layered_activations : public generated_layers<detail::layer_driver<Products>> {
 public:
  layered_activations(basic_model<Products> const& m, text_list texts, source_options<> const& options)
      : generated_layers<detail::layer_driver<Products>>(std::in_place, m, std::move(texts), options) {}

  /// The weights of the layer at hand on the host, in float32; without the second product's where the layer is the last
  /// one asked for.
  census::layer_weights const& weights() const { return this->pass().weights(); }
};

/// The layers of a model on some texts, one source each. `options` as of census::layers: the residual streams that
/// devices have no room for wait on the host, `residual_memory` bytes of them in page-locked memory, of each device the
/// same part. Values are copied to the host: with keep_values = false a small model is surveyed 20 times as fast.
/// Memory is taken when the first layer is looked for, so that another pass may have it until then.
/// Throws bad_input at once where a token, a sequence or a layer is bad or a device has too little memory; when a
/// weight is read that cannot be used; where an activation is NaN. Throws device_error where a device fails.
template <product_engine Products>
layered_activations<Products> layers(basic_model<Products> const& m, text_list texts,
                                     source_options<> const& options = {}) {
  return {m, std::move(texts), options};
}

template <product_engine Products, text_supplier Corpus>
layered_activations<Products> layers(basic_model<Products> const& m, Corpus const& corpus,
                                     source_options<> const& options = {}) {
  return {m, text_list(corpus.texts(options.rows_per_block)), options};
}

}  // namespace census::cuda
