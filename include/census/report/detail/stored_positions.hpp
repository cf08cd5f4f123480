// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/detail/stored_keys.hpp>
#include <census/report/read_census.hpp>
#include <census/weights/checkpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// A neuron's firings at each position [position], each position counted once a full sequence.
struct position_counts {
  std::vector<std::uint32_t> firings;
  std::uint64_t sequences = 0;
};

/// The table by position in the census.safetensors of a census, mapped: a neuron is read at a time. Not trusted.
class stored_positions {
 public:
  /// None where the census has no such file, or no position was counted. Throws bad_input naming the file where it is
  /// gone, none, or not of this census.
  static std::optional<stored_positions> open(census_record const& census) {
    auto const path = census.find_file("census.safetensors");
    if (!path) return std::nullopt;
    stored_positions stored(open_safetensors(*path), census);
    return stored.positions_ == 0 ? std::nullopt : std::optional(std::move(stored));
  }

  /// Throws bad_input naming the file where it has no such neuron, or counts more firings than sequences.
  position_counts of(positional_record const& neuron) const {
    std::size_t const layer = neuron.layer - first_layer_;
    if (neuron.layer < first_layer_ || layer >= layers_ || neuron.neuron >= neurons_)
      throw bad_input(place_,
                      "has no neuron " + std::to_string(neuron.neuron) + " of layer " + std::to_string(neuron.layer));
    position_counts counts;
    counts.sequences = sequences(layer);
    for (std::size_t position = 0; position < positions_; ++position) {
      std::size_t const at = (layer * positions_ + position) * neurons_ + neuron.neuron;
      counts.firings.push_back(integers_of<std::uint32_t>(file_.at("firings_by_position"), at, 1).front());
      if (counts.firings.back() > counts.sequences)
        throw bad_input(place_, "counts more firings than full sequences in layer " + std::to_string(neuron.layer));
    }
    return counts;
  }

  std::size_t positions() const { return positions_; }

  /// Full sequences that were counted, of the i-th layer of the census.
  std::uint64_t sequences(std::size_t i) const {
    return integers_of<std::uint64_t>(tensor_of(file_, "full_sequences", 1), i, 1).front();
  }

  /// How often each neuron of the i-th layer fires at a position [neuron].
  std::vector<std::uint32_t> at(std::size_t i, std::size_t position) const {
    return integers_of<std::uint32_t>(file_.at("firings_by_position"), (i * positions_ + position) * neurons_,
                                      neurons_);
  }

 private:
  stored_positions(checkpoint file, census_record const& census)
      : place_((census.folder / "census.safetensors").string()), file_(std::move(file)),
        first_layer_(census.layers.front().layer) {
    auto const& table = tensor_of(file_, "firings_by_position", 3);
    layers_ = table.shape[0], positions_ = table.shape[1], neurons_ = table.shape[2];
    if (layers_ != census.layers.size() || tensor_of(file_, "full_sequences", 1).shape[0] != layers_)
      throw bad_input(place_, "is not of the " + std::to_string(census.layers.size()) + " layers of layers.csv");
    for (layer_record const& layer : census.layers)
      if (positions_ > 0 && layer.neurons != neurons_)
        throw bad_input(place_, "has not the neurons of layer " + std::to_string(layer.layer) + " of layers.csv");
  }

  std::string place_;
  checkpoint file_;
  std::uint32_t first_layer_;
  std::size_t layers_ = 0, positions_ = 0, neurons_ = 0;
};

}  // namespace census::detail
