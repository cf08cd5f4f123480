// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/recording/detail/layers_in_turn.hpp>
#include <census/recording/detail/recorded_layers.hpp>
#include <census/recording/recording_options.hpp>
#include <census/recording/stored_array.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace census {

/// Activations that another program wrote to files, .safetensors or .npy, as PyTorch hooks and TransformerLens give
/// them: float32, float16, bfloat16 or float64, [batch, position, neuron] or [token, neuron], a layer in a file of its
/// own or all in one. An immutable handle; files are mapped, and never read whole.
///
///     census::recording recorded("dump/layer_{}.npy", {.tokens = "dump/tokens.npy"});
///     auto blocks = census::activations(recorded);
///     census::survey(blocks, alive, positions);
///
/// {} stands for a layer's number, in the file's name, in the tensor's (`{"cache.safetensors",
/// "blocks.{}.mlp.hook_post"}`) or in both. Sequences are numbered as documents, in order; one is full, and counts for
/// position, where it fills all positions of the array.
class recording {
 public:
  /// Throws bad_input naming the file and the tensor where one cannot be read, is of another type or shape than it has
  /// to be, or is padded inside a sequence; std::invalid_argument where a BOS is told without token ids.
  explicit recording(stored_array const& activations, recording_options const& options = {})
      : recorded_(std::make_shared<detail::recorded_layers const>(activations, options)) {}

  /// The numbers of the layers that were found, ascending.
  std::vector<std::uint32_t> layers() const {
    std::vector<std::uint32_t> numbers;
    for (auto const& [number, layer] : recorded_->all()) numbers.push_back(number);
    return numbers;
  }

  /// Neurons of a layer. Throws std::out_of_range where there is no such layer.
  std::size_t neurons(std::uint32_t layer) const { return recorded_->all().at(layer).values.shape.back(); }

  /// A callable that gives the blocks of one layer, one each time it is called; std::out_of_range where there is no
  /// such layer.
  template <firing_predicate Fires = fires_above>
  detail::recorded_blocks<Fires> blocks(std::uint32_t layer, reading_options<Fires> const& options = {}) const {
    return {recorded_, layer, options};
  }

 private:
  std::shared_ptr<detail::recorded_layers const> recorded_;
};

/// The layers of a recording, one source each, for tables that live one layer at a time: a layered source, read once.
/// A block throws bad_input naming file, tensor and place where an activation is NaN.
template <firing_predicate Fires = fires_above>
auto layers(recording const& from, reading_options<Fires> const& options = {}) {
  return detail::layers_in_turn(from.layers(),
                                [from, options](std::uint32_t layer) { return from.blocks(layer, options); });
}

/// All activations of a recording, layer by layer: a source, read once. Throws as its layers do.
template <firing_predicate Fires = fires_above>
auto activations(recording const& from, reading_options<Fires> const& options = {}) {
  return detail::blocks_in_turn(from.layers(),
                                [from, options](std::uint32_t layer) { return from.blocks(layer, options); });
}

}  // namespace census
