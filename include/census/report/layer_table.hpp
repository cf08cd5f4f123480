// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/ngram_name.hpp>
#include <census/statistic/layer_census.hpp>

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <iterator>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace census {

/// The per-layer table as people read it: dead share, mean frequency, detectors, positional neurons.
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
    for (std::size_t i = 0; i < cells.size(); ++i) out << std::setw(i < std::size(widths) ? widths[i] : 18) << cells[i];
    out << '\n';
  };
  std::vector<std::string> names{"layer",           "neurons",         "dead",       "dead share", "mean frequency",
                                 "token detectors", "detected tokens", "positional", "corrected"};
  for (std::size_t i = 0; !layers.empty() && i < layers.front().ngrams.size(); ++i)
    names.push_back(name_of_ngram(layers.front().ngrams[i].n) + " detectors");
  line(names);
  for (layer_census const& layer : layers) {
    std::vector<std::string> cells{std::to_string(layer.layer),
                                   std::to_string(layer.neurons()),
                                   std::to_string(std::ranges::count(layer.firings, 0u)),
                                   percent(layer.dead_share),
                                   layer.mean_frequency_alive ? percent(*layer.mean_frequency_alive) : "-",
                                   std::to_string(layer.token_detectors.size()),
                                   std::to_string(layer.detected_tokens.size()),
                                   count(layer.positional),
                                   count(layer.positional_corrected)};
    for (ngram_census const& ngrams : layer.ngrams) cells.push_back(std::to_string(ngrams.detectors.size()));
    line(cells);
  }
}

}  // namespace census
