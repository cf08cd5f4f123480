// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/stored_keys.hpp>
#include <census/report/read_census.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/tensor.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// How often each neuron fires by position, drawn coarsely: positions from 1 on (0 is BOS, where there is one) in bins
/// of nearly equal size, each bin's frequency as one of 57 levels from 0 to the largest of the neuron's. Neurons that
/// are positional beyond chance get more bins than the others.
class page_positions {
 public:
  using json = nlohmann::ordered_json;
  static constexpr std::size_t bins = 64, bins_of_positional = 256, levels = 57;
  static constexpr char lowest = '#';  // levels are characters from here on, none of which JSON escapes

  /// {"positions", "largest" [neuron], "levels" [neuron], a text each}: neurons in the order of neurons.csv; the
  /// largest frequency 0, and no text, where it never fires at these positions. null where census.safetensors is not
  /// there or counts no full sequences. Throws bad_input where it is not of this census.
  static json read(std::filesystem::path const& path, census_record const& census) {
    std::error_code missing;
    if (!std::filesystem::exists(path, missing)) return nullptr;
    checkpoint const file = open_safetensors(path);
    tensor const& firings = tensor_of(file, "firings_by_position", 3);
    tensor const& full = tensor_of(file, "full_sequences", 1);
    if (firings.shape[0] != census.layers.size() || full.shape[0] != census.layers.size())
      throw bad_input(path.string(), "has not the layers of layers.csv");
    std::size_t const positions = firings.shape[1];
    auto const sequences = integers_of<std::uint64_t>(full, 0, full.shape[0]);
    if (positions < 2 || std::ranges::count(sequences, 0u) > 0) return nullptr;

    std::set<std::pair<std::uint32_t, std::uint32_t>> positional;
    for (auto const& neuron : census.positional) positional.emplace(neuron.layer, neuron.neuron);
    json largest = json::array(), drawn = json::array();
    for (std::size_t i = 0; i < census.layers.size(); ++i) {
      layer_record const& layer = census.layers[i];
      if (layer.neurons != firings.shape[2]) throw bad_input(path.string(), "has not the neurons of layers.csv");
      auto const fine = binned(firings, i, std::min(bins_of_positional, positions - 1)),
                 coarse = binned(firings, i, std::min(bins, positions - 1));
      for (std::uint32_t neuron = 0; neuron < layer.neurons; ++neuron)
        append(positional.contains({layer.layer, neuron}) ? fine : coarse, neuron, sequences[i], largest, drawn);
    }
    return {{"positions", positions}, {"largest", std::move(largest)}, {"levels", std::move(drawn)}};
  }

 private:
  /// A layer's firings in each bin [bin, neuron], and how many positions it has.
  struct binned_firings {
    std::vector<std::vector<std::uint64_t>> firings;
    std::vector<std::uint64_t> positions;
  };

  static binned_firings binned(tensor const& firings, std::size_t layer, std::size_t bins) {
    std::size_t const positions = firings.shape[1], neurons = firings.shape[2];
    binned_firings all{{bins, std::vector<std::uint64_t>(neurons)}, std::vector<std::uint64_t>(bins)};
    for (std::size_t position = 1; position < positions; ++position) {
      std::size_t const bin = (position - 1) * bins / (positions - 1);
      auto const row = integers_of<std::uint32_t>(firings, (layer * positions + position) * neurons, neurons);
      std::ranges::transform(row, all.firings[bin], all.firings[bin].begin(), std::plus<std::uint64_t>());
      ++all.positions[bin];
    }
    return all;
  }

  static void append(binned_firings const& of, std::size_t neuron, std::uint64_t sequences, json& largest,
                     json& drawn) {
    std::vector<double> frequencies;
    for (std::size_t bin = 0; bin < of.positions.size(); ++bin)
      frequencies.push_back(static_cast<double>(of.firings[bin][neuron]) /
                            static_cast<double>(of.positions[bin] * sequences));
    double const most = std::ranges::max(frequencies);
    std::string text;
    for (double const frequency : frequencies)
      if (most > 0) text += static_cast<char>(lowest + std::lround(frequency / most * (levels - 1)));
    largest.push_back(page_number(most, 3));
    drawn.push_back(std::move(text));
  }
};

}  // namespace census::detail
