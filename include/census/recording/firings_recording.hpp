// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/error.hpp>
#include <census/recording/detail/layers_in_turn.hpp>
#include <census/recording/detail/recorded_shards.hpp>
#include <census/recording/detail/replayed_blocks.hpp>
#include <census/recording/recorded_corpus.hpp>
#include <census/recording/recording_description.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// How a recording of firings is read.
struct replay_options {
  std::size_t rows_per_block = 8192;  ///< tokens: as many whole sequences as fit, at least one
  bool keep_values = false;           ///< blocks carry values, too, where the recording holds them
};

/// Firings that a recording_writer, or `census record`, wrote to a folder: packed firings, their text, and values where
/// they were asked for. An immutable handle; files are mapped, and never read whole.
///
///     census::firings_recording const recorded("recorded");
///     for (auto&& layer : census::layers(recorded)) { census::token_coverage tokens; census::survey(layer, tokens); }
///
/// Activations that others wrote to files, as arrays, are a census::recording.
class firings_recording {
 public:
  /// Throws bad_input naming the file of the folder that is missing, of another version of the format, or not as the
  /// recording's index says.
  explicit firings_recording(std::filesystem::path folder)
      : recorded_(std::make_shared<detail::recorded_shards const>(std::move(folder))) {}

  std::filesystem::path const& folder() const { return recorded_->folder(); }

  /// What it is of, as its index says.
  recording_description const& description() const { return recorded_->about(); }

  /// Tells it from other recordings: content_hash of its index, which tells the hashes of its files.
  std::uint64_t hash() const { return recorded_->hash(); }

  /// Its text.
  recorded_corpus corpus() const { return {recorded_->text(), recorded_->about()}; }

  /// The numbers of its layers, ascending.
  std::vector<std::uint32_t> layers() const {
    std::vector<std::uint32_t> numbers;
    for (std::size_t i = 0; i < description().layers; ++i)
      numbers.push_back(description().first_layer + static_cast<std::uint32_t>(i));
    return numbers;
  }
  bool has_layer(std::uint32_t layer) const { return recorded_->has(layer); }

  /// Neurons of each layer.
  std::size_t neurons() const { return description().neurons; }

  /// A callable that gives the blocks of one layer, one each time it is called. Throws std::out_of_range where there is
  /// no such layer, bad_input where values are asked for that the recording does not hold.
  detail::replayed_blocks blocks(std::uint32_t layer, replay_options const& options = {}) const {
    return blocks(layer, corpus().texts(options.rows_per_block), options.keep_values);
  }

  /// The same on texts that were cut from corpus() beforehand.
  detail::replayed_blocks blocks(std::uint32_t layer, text_list texts, bool keep_values) const {
    if (!has_layer(layer))
      throw std::out_of_range("census::firings_recording: layer " + std::to_string(layer) + " was not recorded");
    if (keep_values && description().values == recorded_values::none)
      throw bad_input(folder().string(), "holds firings alone, no values");
    return {recorded_, layer, std::move(texts), keep_values};
  }

 private:
  std::shared_ptr<detail::recorded_shards const> recorded_;
};

/// The layers of a recording, one source each: a layered source, read once. A block throws bad_input naming the shard
/// and the row where a bit is set past the last neuron, or values are NaN or disagree with the firings.
inline auto layers(firings_recording const& from, replay_options const& options = {}) {
  return detail::layers_in_turn(from.layers(),
                                [from, options](std::uint32_t layer) { return from.blocks(layer, options); });
}

/// All blocks of a recording, layer by layer: a source, read once. Throws as its layers do.
inline auto activations(firings_recording const& from, replay_options const& options = {}) {
  return detail::blocks_in_turn(from.layers(),
                                [from, options](std::uint32_t layer) { return from.blocks(layer, options); });
}

}  // namespace census
