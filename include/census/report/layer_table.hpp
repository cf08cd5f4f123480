// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/ngram_name.hpp>
#include <census/report/layer_row.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <optional>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

inline std::string count_or_dash(std::optional<std::uint64_t> count) { return count ? std::to_string(*count) : "-"; }

/// A column as people read it: its name, and each layer's cell.
struct printed_column {
  std::string name;
  std::vector<std::string> cells;
};

/// Prints columns side by side, each as wide as its widest cell.
inline void print_columns(std::ostream& out, std::span<printed_column const> columns, std::size_t rows) {
  std::vector<int> widths;
  for (printed_column const& column : columns) {
    std::size_t widest = column.name.size();
    for (std::string const& cell : column.cells) widest = std::max(widest, cell.size());
    widths.push_back(static_cast<int>(widest));
  }
  auto const line = [&](auto const& cell) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      out << (i == 0 ? "" : "  ") << std::setw(widths[i]) << cell(columns[i]);
    out << '\n';
  };
  line([](printed_column const& column) { return column.name; });
  for (std::size_t row = 0; row < rows; ++row) line([&](printed_column const& column) { return column.cells[row]; });
}

/// A column of the layers: cell(layer, its summary) gives a cell.
template <class Cell>
printed_column column_of(std::span<layer_census const> layers, std::span<layer_summary const> summaries,
                         std::string name, Cell const& cell) {
  printed_column column{std::move(name), {}};
  for (std::size_t i = 0; i < layers.size(); ++i) column.cells.push_back(cell(layers[i], summaries[i]));
  return column;
}

/// Beside each bare count of detectors, how many detect no shorter n-grams and how many are supported.
inline std::vector<printed_column> detector_columns_of(std::span<layer_census const> layers,
                                                       std::span<layer_summary const> summaries) {
  std::vector<printed_column> columns;
  auto const add = [&](std::size_t i, std::string name, auto const& figure) {  // i: 0 for tokens, then by n-gram
    columns.push_back(column_of(layers, summaries, std::move(name), [&](auto const&, layer_summary const& summary) {
      return count_or_dash(figure_of_detectors(summary, i, figure));
    }));
  };
  auto const detectors = &detector_summary::detectors;
  auto const supported = &detector_summary::supported;
  add(0, "token detectors", detectors);
  add(0, "supported", supported);
  add(0, "detected tokens", [](detector_summary const& one) { return one.detected.detected; });
  auto const ngrams = ngrams_of(layers);
  for (std::size_t i = 0; i < ngrams.size(); ++i) {
    add(i + 1, name_of_ngram(ngrams[i]) + " detectors", detectors);
    add(i + 1, "of order " + std::to_string(ngrams[i]), &detector_summary::of_that_order);
    add(i + 1, "supported", supported);
  }
  return columns;
}

}  // namespace detail

/// What is known of layers once all are there, as people read it: beside each bare count of detectors how many detect
/// no shorter n-grams and how many are supported, and how many neurons are positional beyond chance. `summaries` are
/// those of the layers (summarise_layers). What is known of a layer by itself, layer_lines tell.
inline void print_layer_table(std::ostream& out, std::span<layer_census const> layers,
                              std::span<layer_summary const> summaries) {
  if (summaries.size() != layers.size())
    throw std::invalid_argument("census::print_layer_table: there are not as many summaries as layers");
  auto columns = detail::detector_columns_of(layers, summaries);
  columns.insert(columns.begin(), detail::column_of(layers, summaries, "layer", [](auto const& layer, auto const&) {
                   return std::to_string(layer.layer);
                 }));
  columns.push_back(
      detail::column_of(layers, summaries, "positional corrected", [](auto const&, layer_summary const& summary) {
        return detail::count_or_dash(summary.position ? summary.position->corrected : std::nullopt);
      }));
  detail::print_columns(out, columns, layers.size());
}

}  // namespace census
