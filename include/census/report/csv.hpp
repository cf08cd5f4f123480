// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/number.hpp>
#include <census/statistic/detected_sets.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/liveness.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// One row of a table: its columns, name and value, in order. An empty value is a figure that does not exist.
using csv_row = std::vector<std::pair<std::string_view, std::string>>;

inline void write_csv_header(std::ostream& out, csv_row const& row) {
  for (std::size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << row[i].first;
  out << '\n';
}
inline void write_csv_line(std::ostream& out, csv_row const& row) {
  for (std::size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << row[i].second;
  out << '\n';
}

/// A layer as a row of layers.csv.
inline csv_row layer_row(layer_census const& layer, detected_counts const& detected) {
  auto const count = [](std::vector<bool> const& verdicts) {
    return verdicts.empty() ? std::string() : number(std::ranges::count(verdicts, true));
  };
  return {{"layer", number(layer.layer)},
          {"neurons", number(layer.neurons())},
          {"dead", number(std::ranges::count(layer.firings, 0u))},
          {"dead_share", number(layer.dead_share)},
          {"mean_frequency_alive", layer.mean_frequency_alive ? number(*layer.mean_frequency_alive) : ""},
          {"token_detectors", number(layer.token_detectors.size())},
          {"detected_tokens", number(detected.detected)},
          {"detected_cumulative", number(detected.cumulative)},
          {"detected_new_overall", number(detected.new_overall)},
          {"detected_new_vs_below", number(detected.new_vs_below)},
          {"positional", count(layer.positional)},
          {"positional_corrected", count(layer.positional_corrected)}};
}

/// A neuron as a row of neurons.csv. `documents` is how many the text had: the bound of a silent neuron goes by them.
inline csv_row neuron_row(layer_census const& layer, std::size_t neuron, bool token_detector, std::uint64_t documents) {
  auto const of_position = [&](auto const& figures, auto text) {
    return figures.empty() ? std::string() : text(figures[neuron]);
  };
  auto const nats = [](double value) { return number(value); };
  auto const verdict = [](bool value) { return std::string(value ? "1" : "0"); };
  std::uint64_t const firings = layer.firings[neuron];
  return {{"layer", number(layer.layer)},
          {"neuron", number(neuron)},
          {"firings", number(firings)},
          {"firings_without_bos", number(layer.firings_without_bos[neuron])},
          {"frequency", number(static_cast<double>(firings) / static_cast<double>(layer.tokens))},
          {"firing_rate_upper_95", firings == 0 ? number(firing_rate_upper_95(documents)) : ""},
          {"cover_unigram", layer.cover[neuron] == 0 ? "" : number(layer.cover[neuron])},
          {"token_detector", verdict(token_detector)},
          {"mutual_information", of_position(layer.mutual_information, nats)},
          {"mutual_information_corrected", of_position(layer.mutual_information_corrected, nats)},
          {"positional", of_position(layer.positional, verdict)},
          {"positional_corrected", of_position(layer.positional_corrected, verdict)}};
}

/// layers.csv: a row a layer.
inline void write_layers_csv(std::ostream& out, std::vector<layer_census> const& layers) {
  std::vector<std::vector<token_id>> detected;
  for (layer_census const& layer : layers) detected.push_back(layer.detected_tokens);
  auto const counts = detected_across_layers(detected);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto const row = layer_row(layers[i], counts[i]);
    if (i == 0) write_csv_header(out, row);
    write_csv_line(out, row);
  }
}

/// neurons.csv: a row a neuron.
inline void write_neurons_csv(std::ostream& out, std::vector<layer_census> const& layers, std::uint64_t documents) {
  bool first = true;
  for (layer_census const& layer : layers) {
    auto detector = layer.token_detectors.begin();  // ascending by neuron
    for (std::size_t neuron = 0; neuron < layer.neurons(); ++neuron) {
      bool const detects = detector != layer.token_detectors.end() && detector->neuron == neuron;
      if (detects) ++detector;
      auto const row = neuron_row(layer, neuron, detects, documents);
      if (std::exchange(first, false)) write_csv_header(out, row);
      write_csv_line(out, row);
    }
  }
}

}  // namespace census
