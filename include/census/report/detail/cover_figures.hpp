// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_axes.hpp>
#include <census/report/detail/figure_text.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// The panel of a census: a bar a layer, its neurons alive by how many n-grams cover them. Without points where the
/// census does not tell.
inline figure_panel panel_of_covers(census_record const& census, std::string const& ngram) {
  constexpr std::array<std::array<char const*, 2>, 6> bins{{{"1_5", "1 to 5"},
                                                            {"6_10", "6 to 10"},
                                                            {"11_50", "11 to 50"},
                                                            {"51_100", "51 to 100"},
                                                            {"101_1000", "101 to 1000"},
                                                            {"above_1000", "more than 1000"}}};
  figure_panel panel{"", axis_of_layers(census), {"neurons, % of those alive", 0, 100}, {}};
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    figure_series series{bins[bin][1], drawn_as::bars, bin, false, {}};
    for (layer_record const& layer : census.layers) {
      double const alive = static_cast<double>(layer.neurons - layer.dead);
      if (alive == 0 || !layer.figure("cover_" + ngram + "_1_5")) continue;
      double const covered = layer.figure("cover_" + ngram + "_" + bins[bin][0]).value_or(0);
      series.points.push_back({static_cast<double>(layer.layer), 100 * covered / alive});
    }
    panel.series.push_back(std::move(series));
  }
  return panel;
}

/// Adds figure 2, 12 or 13: the number of n-grams that neurons are covered by; or why there is none.
inline void add_cover_figure(figure_set& set, std::string const& id, std::string const& ngram,
                             std::string const& plural, std::vector<census_record> const& censuses) {
  figure made{id, "Neurons by how many " + plural + " cover them", "", {}};
  std::vector<std::string> lacking;
  for (census_record const& census : censuses) {
    auto panel = panel_of_covers(census, ngram);
    if (panel.series.front().points.empty()) {
      lacking.push_back(census.name);
      continue;
    }
    panel.title = census.name;
    made.panels.push_back(std::move(panel));
  }
  if (made.panels.empty()) {
    set.omitted.push_back({id, made.title, "The censuses tell nothing of " + plural + "."});
    return;
  }
  made.caption = "A neuron's cover is the fewest " + plural + " that together hold at least 95 % of its firings at " +
                 plural +
                 "; BOS is in none. Of the neurons that fired, the share with each cover; those that fired at "
                 "no such place are missing from 100 %. The paper shows the first half of the layers. " +
                 text_counted(censuses) + without(lacking);
  set.figures.push_back(std::move(made));
}

}  // namespace census::detail
