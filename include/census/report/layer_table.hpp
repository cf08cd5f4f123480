// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detected_sets.hpp>
#include <census/statistic/layer_census.hpp>

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace census {

/// The per-layer table as people read it: dead share, mean frequency, token detectors, positional neurons.
inline void print_layer_table(std::ostream& out, std::vector<layer_census> const& layers) {
  auto const percent = [](double share) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(2) << 100 * share << " %";
    return text.str();
  };
  auto const count = [](std::vector<bool> const& verdicts) {
    return verdicts.empty() ? std::string("-") : std::to_string(std::ranges::count(verdicts, true));
  };
  auto const line = [&](std::vector<std::string> const& cells) {
    constexpr int widths[] = {5, 8, 7, 11, 16, 16, 16, 11, 11};
    for (std::size_t i = 0; i < cells.size(); ++i) out << std::setw(widths[i]) << cells[i];
    out << '\n';
  };
  line({"layer", "neurons", "dead", "dead share", "mean frequency", "token detectors", "detected tokens", "positional",
        "corrected"});
  for (layer_census const& layer : layers)
    line({std::to_string(layer.layer), std::to_string(layer.neurons()),
          std::to_string(std::ranges::count(layer.firings, 0u)), percent(layer.dead_share),
          layer.mean_frequency_alive ? percent(*layer.mean_frequency_alive) : "-",
          std::to_string(layer.token_detectors.size()), std::to_string(layer.detected_tokens.size()),
          count(layer.positional), count(layer.positional_corrected)});
}

}  // namespace census
