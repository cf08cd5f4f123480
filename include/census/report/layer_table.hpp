// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/ngram_name.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <iterator>
#include <optional>
#include <ostream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

namespace detail {

inline std::string percent(std::optional<double> share) {
  if (!share) return "-";
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << 100 * *share << " %";
  return text.str();
}

/// A layer's cells, each under its name in the order of print_layer_table.
inline std::vector<std::string> layer_cells(layer_census const& layer, layer_summary const& summary) {
  auto const& position = summary.position;
  std::vector<std::string> cells{std::to_string(layer.layer),
                                 std::to_string(layer.neurons()),
                                 std::to_string(summary.dead),
                                 percent(layer.liveness.dead_share),
                                 percent(layer.liveness.mean_frequency_alive),
                                 std::to_string(summary.tokens.detectors),
                                 std::to_string(summary.tokens.detected.detected),
                                 position ? std::to_string(position->plain) : "-",
                                 position && position->corrected ? std::to_string(*position->corrected) : "-"};
  for (detector_summary const& ngrams : summary.ngrams) cells.push_back(std::to_string(ngrams.detectors));
  return cells;
}

}  // namespace detail

/// The per-layer table as people read it: dead share, mean frequency, detectors, positional neurons. `summaries` are
/// those of the layers (summarise_layers).
inline void print_layer_table(std::ostream& out, std::span<layer_census const> layers,
                              std::span<layer_summary const> summaries) {
  if (summaries.size() != layers.size())
    throw std::invalid_argument("census::print_layer_table: there are not as many summaries as layers");
  auto const line = [&](std::vector<std::string> const& cells) {
    constexpr int widths[] = {5, 8, 7, 11, 16, 16, 16, 11, 11};
    for (std::size_t i = 0; i < cells.size(); ++i) out << std::setw(i < std::size(widths) ? widths[i] : 18) << cells[i];
    out << '\n';
  };
  std::vector<std::string> names{"layer",           "neurons",         "dead",       "dead share", "mean frequency",
                                 "token detectors", "detected tokens", "positional", "corrected"};
  for (std::size_t const n : detail::ngrams_of(layers)) names.push_back(detail::name_of_ngram(n) + " detectors");
  line(names);
  for (std::size_t i = 0; i < layers.size(); ++i) line(detail::layer_cells(layers[i], summaries[i]));
}

}  // namespace census
