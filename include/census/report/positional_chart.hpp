// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/number.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// A text as a gnuplot string of one line, whatever it holds.
inline std::string gnuplot_string(std::string_view text) {
  std::string quoted = "'";
  for (char const c : text) {
    if (c == '\'') quoted += '\'';
    quoted += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return quoted + "'";
}

/// Writes a gnuplot script that draws the positional neurons of censuses side by side into the SVG file `image`: a
/// panel a census, a point a neuron, its layer to the right and its corrected mutual information (nats) upwards, its
/// colour the positional type where the census tells it, filled where the type is strong (paper, figures 7, 10 and 11).
/// The points are in the script, so that it needs no other file.
inline void write_positional_chart(std::ostream& out, std::vector<census_record> const& censuses,
                                   std::string const& image) {
  struct kind {
    std::string_view type, title, colour;
  };
  static constexpr std::array<kind, 5> kinds{{{"oscillatory", "oscillatory", "#d62728"},
                                              {"both_extremes", "both extremes", "#1f77b4"},
                                              {"one_extreme", "one extreme", "#2ca02c"},
                                              {"other", "other", "#888888"},
                                              {"", "positional", "#000000"}}};
  std::size_t const columns = std::clamp<std::size_t>(censuses.size(), 1, 3);
  std::size_t const rows = std::max<std::size_t>(1, (censuses.size() + columns - 1) / columns);
  double highest = 0.1;
  std::uint32_t last_layer = 0;
  for (census_record const& census : censuses) {
    for (positional_record const& neuron : census.positional) highest = std::max(highest, neuron.information);
    if (!census.layers.empty()) last_layer = std::max(last_layer, census.layers.back().layer);
  }
  out << "# Positional neurons by layer and mutual information. Draw with: gnuplot THIS_FILE\n"
      << "set terminal svg noenhanced size " << 360 * columns << ',' << 300 * rows << " background 'white'\n"
      << "set output " << gnuplot_string(image) << "\nset key top right\n"
      << "set xrange [-0.5:" << last_layer << ".5]\nset xtics " << 1 + last_layer / 8
      << "\nset yrange [0:" << number(1.05 * highest)
      << "]\nset xlabel 'layer'\nset ylabel 'mutual information, nats'\n"
      << "set multiplot layout " << rows << ',' << columns << "\n";
  for (census_record const& census : censuses) {
    std::string plots = "0.05 with lines dashtype 2 linecolor rgb '#bbbbbb' notitle";
    for (kind const& kind : kinds)
      for (bool const strong : {false, true}) {
        std::string points;
        for (positional_record const& neuron : census.positional) {
          auto const known = std::ranges::find(kinds, neuron.type, &kind::type);
          if ((known == kinds.end() ? &kinds.back() : &*known) != &kind || neuron.strong.value_or(false) != strong)
            continue;
          double const across = (neuron.neuron + 0.5) / static_cast<double>(census.find(neuron.layer)->neurons);
          points += number(neuron.layer - 0.4 + 0.8 * across) + ' ' + number(neuron.information) + '\n';
        }
        if (points.empty()) continue;
        std::string block = "$";
        block.append(kind.type.empty() ? "untold" : kind.type).append(strong ? "_strong" : "");
        out << block << " << END\n" << points << "END\n";
        plots += ", \\\n  " + block + " with points pointtype " + (strong ? "7" : "6") +
                 " pointsize 0.4 linecolor rgb '" + std::string(kind.colour) + "' title '" + std::string(kind.title) +
                 (strong ? ", strong" : "") + "'";
      }
    out << "set title " << gnuplot_string(census.name + ": " + number(census.positional.size()) + " positional")
        << "\nplot " << plots << "\n";
  }
  out << "unset multiplot\n";
}

}  // namespace census
