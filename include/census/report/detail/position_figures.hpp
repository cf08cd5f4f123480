// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_axes.hpp>
#include <census/report/detail/figure_text.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census::detail {

/// The types of positional neurons, as neurons.csv and as readers call them, in the order of the paper's figure 7; the
/// last one stands for all that neurons.csv does not tell.
struct shown_type {
  std::string_view type, title;
};
inline constexpr std::array<shown_type, 5> shown_types{{{"both_extremes", "both extremes"},
                                                        {"oscillatory", "oscillatory"},
                                                        {"other", "other"},
                                                        {"one_extreme", "one extreme"},
                                                        {"", "type not told"}}};

/// The place of a neuron's type among shown_types.
inline std::size_t shown_type_of(positional_record const& neuron) {
  auto const found = std::ranges::find(shown_types, neuron.type, &shown_type::type);
  return static_cast<std::size_t>(std::min(found, shown_types.end() - 1) - shown_types.begin());
}

/// Which neurons a figure takes for positional: a member of census_record.
using positional_neurons = std::vector<positional_record> census_record::*;

/// The panel of a census: a mark a positional neuron, its layer (spread by its number) to the right and its information
/// upwards.
inline figure_panel panel_of_positional(census_record const& census, positional_neurons neurons) {
  figure_panel panel{census.name + ": " + counted((census.*neurons).size(), "neuron"),
                     axis_of_layers(census),
                     {"mutual information, nats", 0, 1},
                     {},
                     0.05};
  for (std::size_t type = 0; type < shown_types.size(); ++type)
    for (bool const is_strong : {true, false}) {
      std::string const title(shown_types[type].title);
      figure_series series{title + (is_strong ? ", strong" : ""), drawn_as::dots, type, !is_strong, {}};
      for (positional_record const& neuron : census.*neurons) {
        if (shown_type_of(neuron) != type || neuron.strong.value_or(false) != is_strong) continue;
        double const across = (neuron.neuron + 0.5) / static_cast<double>(census.find(neuron.layer)->neurons);
        series.points.push_back({neuron.layer - 0.4 + 0.8 * across, neuron.information});
      }
      if (!series.points.empty()) panel.series.push_back(std::move(series));
    }
  return panel;
}

/// Whether the layers of a census tell a figure at all.
inline bool tells(census_record const& census, std::string_view column) {
  return std::ranges::any_of(census.layers,
                             [&](layer_record const& layer) { return layer.figure(column).has_value(); });
}

/// Adds figure 8 or 16: the positional neurons of each census by layer and information; or why there is none. `column`
/// of layers.csv counts them.
inline void add_positional_figure(figure_set& set, figure made, positional_neurons neurons, std::string_view column,
                                  std::vector<census_record> const& censuses) {
  std::vector<std::string> lacking;
  double largest = 0;
  for (census_record const& census : censuses) {
    for (positional_record const& neuron : census.*neurons) largest = std::max(largest, neuron.information);
    if (tells(census, column) || !(census.*neurons).empty())
      made.panels.push_back(panel_of_positional(census, neurons));
    else
      lacking.push_back(census.name);
  }
  if (largest == 0) {
    set.omitted.push_back({made.id, made.title,
                           made.panels.empty()
                               ? "The censuses tell nothing of positions: their texts have too few full "
                                 "sequences."
                               : "No neuron is positional."});
    return;
  }
  for (figure_panel& panel : made.panels) panel.y.to = top_of_axis(largest);
  made.caption += " " + sequences_counted(censuses) + " " + text_counted(censuses) + without(lacking);
  set.figures.push_back(std::move(made));
}

inline void add_figure_8(figure_set& set, std::vector<census_record> const& censuses) {
  add_positional_figure(
      set,
      {"figure_8",
       "Positional neurons",
       "A mark is a neuron that depends on position beyond chance, by layer (spread by its number) and "
       "by its corrected mutual information with position; filled: strongly of its type. The dashed "
       "line is the threshold, 0.05 nats.",
       {}},
      &census_record::positional, column_name::positional_corrected, censuses);
}

inline void add_figure_16(figure_set& set, std::vector<census_record> const& censuses) {
  add_positional_figure(set,
                        {"figure_16",
                         "Positional neurons by the paper's rule",
                         "As figure 8, by the paper's own rule: mutual information above 0.05 nats as it is estimated "
                         "from the counts of all positions, chance and the first position included.",
                         {}},
                        &census_record::positional_by_paper, column_name::positional, censuses);
}

}  // namespace census::detail
