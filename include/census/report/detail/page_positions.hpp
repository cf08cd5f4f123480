// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/page_number.hpp>
#include <census/report/detail/stored_positions.hpp>
#include <census/report/read_census.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
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
  /// largest frequency 0, and no text, where it never fires at these positions. null where the census tells nothing of
  /// position. Throws bad_input as stored_positions does.
  static json read(census_record const& census) {
    auto const stored = stored_positions::open(census);
    if (!stored || stored->positions() < 2) return nullptr;
    std::set<std::pair<std::uint32_t, std::uint32_t>> positional;
    for (auto const& neuron : census.positional) positional.emplace(neuron.layer, neuron.neuron);
    json largest = json::array(), drawn = json::array();
    for (std::size_t i = 0; i < census.layers.size(); ++i) {
      layer_record const& layer = census.layers[i];
      binned_firings const fine(*stored, i, layer.neurons, bins_of_positional), coarse(*stored, i, layer.neurons, bins);
      for (std::uint32_t neuron = 0; neuron < layer.neurons; ++neuron)
        append(positional.contains({layer.layer, neuron}) ? fine : coarse, neuron, largest, drawn);
    }
    return {{"positions", stored->positions()}, {"largest", std::move(largest)}, {"levels", std::move(drawn)}};
  }

 private:
  /// A layer's firings in each bin [bin, neuron], and at how many tokens of it a neuron could have fired.
  struct binned_firings {
    std::vector<std::vector<std::uint64_t>> firings;
    std::vector<std::uint64_t> tokens;

    binned_firings(stored_positions const& stored, std::size_t layer, std::size_t neurons, std::size_t most_bins) {
      std::size_t const behind_first = stored.positions() - 1, count = std::min(most_bins, behind_first);
      firings.assign(count, std::vector<std::uint64_t>(neurons)), tokens.assign(count, 0);
      for (std::size_t i = 0; i < behind_first; ++i) {
        std::size_t const bin = i * count / behind_first;
        auto const here = stored.at(layer, i + 1);
        std::ranges::transform(here, firings[bin], firings[bin].begin(), std::plus<std::uint64_t>());
        tokens[bin] += stored.sequences(layer);
      }
    }
  };

  static void append(binned_firings const& of, std::size_t neuron, json& largest, json& drawn) {
    std::vector<double> frequencies;
    for (std::size_t bin = 0; bin < of.tokens.size(); ++bin)
      frequencies.push_back(of.tokens[bin] == 0
                                ? 0.0
                                : static_cast<double>(of.firings[bin][neuron]) / static_cast<double>(of.tokens[bin]));
    double const most = std::ranges::max(frequencies);
    std::string text;
    for (double const frequency : frequencies)
      if (most > 0) text += static_cast<char>(lowest + std::lround(frequency / most * (levels - 1)));
    largest.push_back(page_number(most, 3));
    drawn.push_back(std::move(text));
  }
};

}  // namespace census::detail
