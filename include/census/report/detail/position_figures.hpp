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
  figure_panel panel{name_in_title(census) + ": " + counted((census.*neurons).size(), "neuron"),
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

/// Figure 8 or 16: a panel a census, all to the same height.
inline figure positional_figure(figure made, positional_neurons neurons, std::vector<census_record> const& censuses) {
  double largest = 0;
  for (census_record const& census : censuses) {
    made.panels.push_back(panel_of_positional(census, neurons));
    for (positional_record const& neuron : census.*neurons) largest = std::max(largest, neuron.information);
  }
  for (figure_panel& panel : made.panels) panel.y.to = top_of_axis(largest);
  made.caption += " " + sequences_counted(censuses) + " " + text_counted(censuses);
  return made;
}

/// Figure 8: the positional neurons of each census by layer and information.
inline figure figure_8(std::vector<census_record> const& censuses) {
  return positional_figure(
      {"figure_8",
       "Positional neurons",
       "A mark is a neuron that depends on position beyond chance, by layer (spread by its number) "
       "and by its corrected mutual information with position; filled: strongly of its type. The "
       "dashed line is 0.05 nats; where 50 full sequences lie inside documents, the verdict asks that of the "
       "information of these alone, so that a mark may stand below the line.",
       {}},
      &census_record::positional, censuses);
}

/// Figure 16: the same by the paper's own rule.
inline figure figure_16(std::vector<census_record> const& censuses) {
  return positional_figure(
      {"figure_16",
       "Positional neurons by the paper's rule",
       "As figure 8, by the paper's own rule: mutual information above 0.05 nats as it is estimated "
       "from the counts of all positions, chance and the first position included.",
       {}},
      &census_record::positional_by_paper, censuses);
}

/// Those of the censuses whose layers tell `column`, a count of positional neurons; the names of the others are added
/// to `lacking`.
inline std::vector<census_record> that_tell(std::string_view column, std::vector<census_record> const& censuses,
                                            std::vector<std::string>& lacking) {
  std::vector<census_record> told;
  for (census_record const& census : censuses)
    census.tells(column) ? told.push_back(census) : lacking.push_back(census.name);
  return told;
}

/// Why such a figure shows none of no censuses.
inline constexpr auto none_tell_positions =
    "The censuses tell nothing of positions here: their texts have too few full sequences (for all but the paper's own "
    "rule, too few inside documents), or they were merged from counts alone.";

/// Adds such a figure of the censuses whose layers tell `column`, the count of its neurons; or why there is none.
inline void add_positional_figure(figure_set& set, figure (*make)(std::vector<census_record> const&),
                                  std::string_view column, std::vector<census_record> const& censuses) {
  std::vector<std::string> lacking;
  auto const told = that_tell(column, censuses, lacking);
  double neurons = 0;
  for (census_record const& census : told)
    for (layer_record const& layer : census.layers) neurons += layer.figure(column).value_or(0);
  figure made = make(told);
  made.caption += without(lacking);
  if (told.empty())
    set.omitted.push_back({made.id, made.title, none_tell_positions});
  else if (neurons == 0)
    set.omitted.push_back({made.id, made.title, "No neuron is positional."});
  else
    set.figures.push_back(std::move(made));
}

}  // namespace census::detail
