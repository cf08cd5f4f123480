// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_axes.hpp>
#include <census/report/detail/figure_text.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// A panel of lines, one a census, over the layers: a column of layers.csv, and dashed a second one where there is one.
struct layer_panel {
  std::string title, label, column, dashed = {};
  bool is_share = false;  ///< shown in per cent
};

/// A figure of such panels.
struct layer_figure {
  std::string id, title, caption;
  std::vector<layer_panel> panels;
  std::string reason_where_absent;
  std::string reason_where_all_are_0 = {};  ///< empty: lines at 0 are drawn
};

/// Figure 1.
inline layer_figure figure_1() {
  return {"figure_1",
          "Dead neurons, and how often the others fire",
          "Left: neurons that never fired, BOS included. Right: the mean firing frequency of the neurons that fired.",
          {{"Dead neurons", "dead, % of the layer's neurons", "dead_share", "", true},
           {"Frequency of the neurons alive", "mean frequency, % of tokens", "mean_frequency_alive", "", true}},
          "The censuses tell no share of dead neurons."};
}

/// Why there is no figure of token detectors, or of trigram detectors.
inline constexpr auto without_tokens =
    "The censuses tell nothing of tokens: their texts tell none, or they were merged from counts without tables by "
    "token.";
inline constexpr auto without_trigrams = "The censuses tell nothing of trigrams: they were taken with --ngrams below 3 "
                                         "or merged from counts alone, or their "
                                         "texts tell no tokens.";

/// Figure 3: token detectors.
inline layer_figure figure_3() {
  return {"figure_3",
          "Token detectors, and the tokens they detect",
          "Token detectors: cover at most 5, and at least 95 % of the firings at tokens on which the neuron fires at "
          "least 95 % of the time. Dashed on the left: those supported by tokens that occur at least 73 times. Right: "
          "different tokens detected by a layer; dashed: by it or a layer below.",
          {{"Token detectors (dashed: supported)", "neurons", "token_detectors", "token_detectors_supported"},
           {"Tokens detected (dashed: cumulative)", "tokens", "detected_tokens", "detected_cumulative"}},
          without_tokens,
          "No neuron is a token detector."};
}

/// Figure 14: trigram detectors.
inline layer_figure figure_14() {
  return {
      "figure_14",
      "Trigram detectors, and the trigrams they detect",
      "Trigram detectors: cover at most 50, else as for tokens. Dashed on the left: those that detect neither "
      "tokens nor bigrams; a neuron whose tokens are rare enough is a trigram detector by construction. Right: "
      "different trigrams detected by a layer; dashed: by it or a layer below.",
      {{"Trigram detectors (dashed: of order 3)", "neurons", "trigram_detectors", "trigram_detectors_of_that_order"},
       {"Trigrams detected (dashed: cumulative)", "trigrams", "detected_trigrams", "detected_trigrams_cumulative"}},
      without_trigrams,
      "No neuron is a trigram detector."};
}

/// Figure 4 or 15: what is new in each layer. Columns are `all`, and `new_in` behind which follows what it is new to.
inline layer_figure figure_of_new(std::string const& id, std::string const& ngram, std::string const& all,
                                  std::string const& new_in, std::string const& reason_where_absent) {
  std::string const ngrams = ngram + "s";
  return {id,
          "New " + ngrams + " detected in each layer",
          "Left: " + ngrams +
              " that the layer detects and no layer below it. Right: those that the layer next below "
              "does not detect. Dashed: all " +
              ngrams + " that the layer detects.",
          {{"New overall (dashed: all detected)", ngrams, new_in + "overall", all},
           {"New to the layer below (dashed: all)", ngrams, new_in + "vs_below", all}},
          reason_where_absent,
          "No neuron is a " + ngram + " detector."};
}

inline layer_figure figure_4() {
  return figure_of_new("figure_4", "token", "detected_tokens", "detected_new_", without_tokens);
}

inline layer_figure figure_15() {
  return figure_of_new("figure_15", "trigram", "detected_trigrams", "detected_trigrams_new_", without_trigrams);
}

/// The line of a census: a column over the layers that have a figure there.
inline figure_series line_of(census_record const& census, std::string const& column, depth_axis const& depth,
                             double unit) {
  figure_series line;
  if (column.empty()) return line;
  for (layer_record const& layer : census.layers)
    if (auto const value = layer.figure(column)) line.points.push_back({depth.at(census, layer.layer), unit * *value});
  return line;
}

/// A panel of what the censuses tell; without series where none tells it.
inline figure_panel panel_of(layer_panel const& wanted, std::vector<census_record> const& censuses,
                             depth_axis const& depth) {
  figure_panel panel{wanted.title, depth.axis(), {wanted.label, 0, 1, false, !wanted.is_share}, {}};
  double largest = 0;
  for (std::size_t c = 0; c < censuses.size(); ++c)
    for (std::string const& column : {wanted.column, wanted.dashed}) {
      auto line = line_of(censuses[c], column, depth, wanted.is_share ? 100 : 1);
      if (line.points.empty()) continue;
      line.look = c, line.is_secondary = column == wanted.dashed;
      if (censuses.size() > 1 && !line.is_secondary) line.name = censuses[c].name;
      for (figure_point const& point : line.points) largest = std::max(largest, point.y);
      panel.series.push_back(std::move(line));
    }
  panel.y.to = wanted.is_share ? top_of_shares(largest) : std::ceil(top_of_axis(largest));
  return panel;
}

/// Adds a figure of lines over the layers, or why there is none.
inline void add_layer_figure(figure_set& set, layer_figure const& wanted, std::vector<census_record> const& censuses) {
  depth_axis const depth(censuses);
  figure made{wanted.id, wanted.title, wanted.caption, {}};
  std::vector<std::string> lacking;
  for (census_record const& census : censuses)
    if (line_of(census, wanted.panels.front().column, depth, 1).points.empty()) lacking.push_back(census.name);
  bool is_all_0 = true;
  for (layer_panel const& panel : wanted.panels) {
    made.panels.push_back(panel_of(panel, censuses, depth));
    for (figure_series const& line : made.panels.back().series)
      is_all_0 = is_all_0 && std::ranges::all_of(line.points, [](figure_point const& point) { return point.y == 0; });
  }
  if (lacking.size() == censuses.size())
    set.omitted.push_back({wanted.id, wanted.title, wanted.reason_where_absent});
  else if (is_all_0 && !wanted.reason_where_all_are_0.empty())
    set.omitted.push_back({wanted.id, wanted.title, wanted.reason_where_all_are_0});
  else {
    made.caption += " " + text_counted(censuses) + without(lacking) + depth.caption();
    set.figures.push_back(std::move(made));
  }
}

}  // namespace census::detail
