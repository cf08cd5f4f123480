// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/column_name.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/detail/figure_axes.hpp>
#include <census/report/detail/figure_text.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// What dead_share.csv tells: by layer, the tokens read and the dead share after them, in per cent.
using dead_share_lines = std::map<std::uint32_t, std::vector<figure_point>>;

/// Reads dead_share.csv. Throws bad_input naming the line whose layer the census has not, or that is none.
inline dead_share_lines read_dead_share_csv(std::filesystem::path const& path, census_record const& census) {
  csv_reader csv(path);
  auto const layer = csv.need(column_name::layer), tokens = csv.need("tokens"), share = csv.need("dead_share");
  dead_share_lines lines;
  while (csv.next()) {
    auto const number = csv.count(layer), read = csv.count(tokens);
    auto const dead = csv.real(share);
    if (!number || !read || *read == 0 || !dead || *number > UINT32_MAX ||
        census.find(static_cast<std::uint32_t>(*number)) == nullptr)
      throw bad_input(csv.place(), "tells no share of dead neurons of a layer of the census");
    lines[static_cast<std::uint32_t>(*number)].push_back({static_cast<double>(*read), 100 * *dead});
  }
  return lines;
}

/// The line of all layers together: their mean, weighted by their neurons. Layers are counted after the same documents,
/// so that all have as many points; what some lack is left out.
inline std::vector<figure_point> share_of_all(census_record const& census, dead_share_lines const& lines) {
  std::vector<figure_point> all = lines.begin()->second;
  double neurons = 0;
  for (figure_point& point : all) point.y = 0;
  for (auto const& [layer, line] : lines) {
    auto const weight = static_cast<double>(census.find(layer)->neurons);
    neurons += weight;
    all.resize(std::min(all.size(), line.size()));
    for (std::size_t i = 0; i < all.size(); ++i) all[i].y += weight * line[i].y;
  }
  for (figure_point& point : all) point.y /= neurons;
  return all;
}

/// The layers that end with the most dead neurons, at most `most`, ascending.
inline std::vector<std::uint32_t> deadest_layers(dead_share_lines const& lines, std::size_t most) {
  std::vector<std::uint32_t> layers;
  for (auto const& [layer, line] : lines) layers.push_back(layer);
  std::ranges::sort(layers, {}, [&](std::uint32_t layer) { return std::pair(-lines.at(layer).back().y, layer); });
  layers.resize(std::min(layers.size(), most));
  std::ranges::sort(layers);
  return layers;
}

/// Ends the axes of a panel where its points do.
inline void fit_axes(figure_panel& panel) {
  double least = 0, most = 0, largest = 0;
  for (figure_series const& line : panel.series)
    for (figure_point const& point : line.points) {
      least = least == 0 ? point.x : std::min(least, point.x);
      most = std::max(most, point.x), largest = std::max(largest, point.y);
    }
  panel.x.from = least / 1.2, panel.x.to = most * 1.2, panel.y.to = top_of_shares(largest);
}

/// What a census tells of it; nothing where it has no such file.
inline dead_share_lines lines_of(census_record const& census) {
  auto const path = census.find_file("dead_share.csv");
  return path ? read_dead_share_csv(*path, census) : dead_share_lines();
}

/// Adds the share of dead neurons against the amount of text; or why there is none.
inline void add_dead_share_figure(figure_set& set, std::vector<census_record> const& censuses) {
  std::string const id = "dead_share", title = "Dead neurons against the amount of text";
  bool const is_one = censuses.size() == 1;
  figure_axis const tokens{"tokens read, BOS included", 1, 1, true}, share{"dead neurons, %", 0, 1};
  std::vector<figure_panel> panels{
      {"All layers", tokens, share, {}},
      {is_one ? "Layers with most dead neurons" : "Each model's deadest layer", tokens, share, {}}};
  std::vector<std::string> lacking;
  for (std::size_t c = 0; c < censuses.size(); ++c) {
    auto const lines = lines_of(censuses[c]);
    if (lines.empty()) {
      lacking.push_back(censuses[c].name);
      continue;
    }
    panels[0].series.push_back(
        {is_one ? "all layers" : censuses[c].name, drawn_as::line, c, false, share_of_all(censuses[c], lines)});
    for (std::uint32_t const layer : deadest_layers(lines, is_one ? 6 : 1))
      panels[1].series.push_back({is_one ? "layer " + std::to_string(layer) : censuses[c].name, drawn_as::line,
                                  is_one ? panels[1].series.size() + 1 : c, false, lines.at(layer)});
  }
  if (panels[0].series.empty()) {
    set.omitted.push_back({id, title, "The folders hold no dead_share.csv with a line."});
    return;
  }
  for (figure_panel& panel : panels) fit_axes(panel);
  std::string const which =
      is_one ? "the layers that end with most, six at most" : "of each model the layer that ends with most";
  set.figures.push_back({id, title,
                         "The share of neurons that have not fired yet, after so many tokens of documents in an order "
                         "that mixes the domains. Left: all layers together. Right: " +
                             which +
                             ". Where a line still "
                             "falls, more text would wake more neurons. " +
                             text_counted(censuses) + without(lacking),
                         std::move(panels)});
}

}  // namespace census::detail
