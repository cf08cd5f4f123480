// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/number.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
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

namespace detail {

/// How the positional neurons of one type, strong or not, are drawn.
struct point_style {
  std::string_view type, title, colour;
  bool strong;
};
inline constexpr std::array<point_style, 9> point_styles{{{"oscillatory", "oscillatory", "#d62728", false},
                                                          {"oscillatory", "oscillatory, strong", "#d62728", true},
                                                          {"both_extremes", "both extremes", "#1f77b4", false},
                                                          {"both_extremes", "both extremes, strong", "#1f77b4", true},
                                                          {"one_extreme", "one extreme", "#2ca02c", false},
                                                          {"one_extreme", "one extreme, strong", "#2ca02c", true},
                                                          {"other", "other", "#888888", false},
                                                          {"other", "other, strong", "#888888", true},
                                                          {"", "of no type known", "#000000", false}}};

/// The points of a census in one style, a line a neuron: its layer, spread by its number, and its information.
inline std::string points_of(census_record const& census, point_style const& style) {
  std::string points;
  for (positional_record const& neuron : census.positional) {
    auto const known = std::ranges::find_if(point_styles, [&](point_style const& one) {
      return one.type == neuron.type && one.strong == neuron.strong.value_or(false);
    });
    if ((known == point_styles.end() ? &point_styles.back() : &*known) != &style) continue;
    double const across = (neuron.neuron + 0.5) / static_cast<double>(census.find(neuron.layer)->neurons);
    points.append(number(neuron.layer - 0.4 + 0.8 * across)).append(" ").append(number(neuron.information)) += '\n';
  }
  return points;
}

}  // namespace detail

/// Writes a gnuplot script that draws the positional neurons of censuses side by side into the SVG file `image`: a
/// panel a census, a point a neuron, its layer to the right and its corrected mutual information (nats) upwards, its
/// colour the positional type where the census tells it, filled where the type is strong; a last panel names the
/// colours (paper, figures 7, 10 and 11). The points are in the script, so that it needs no other file.
inline void write_positional_chart(std::ostream& out, std::vector<census_record> const& censuses,
                                   std::string const& image) {
  std::size_t const panels = censuses.size() + 1, columns = std::min<std::size_t>(panels, 3),
                    rows = (panels + columns - 1) / columns;
  double highest = 0.1;
  std::uint32_t last_layer = 0;
  for (census_record const& census : censuses) {
    for (positional_record const& neuron : census.positional) highest = std::max(highest, neuron.information);
    if (!census.layers.empty()) last_layer = std::max(last_layer, census.layers.back().layer);
  }
  out << "# Positional neurons by layer and mutual information. Draw with: gnuplot THIS_FILE\n"
      << "set terminal svg noenhanced size " << 360 * columns << ',' << 300 * rows << " background 'white'\n"
      << "set output " << gnuplot_string(image) << "\nunset key\n"
      << "set xrange [-0.5:" << last_layer << ".5]\nset xtics " << 1 + last_layer / 8
      << "\nset yrange [0:" << number(1.05 * highest)
      << "]\nset xlabel 'layer'\nset ylabel 'mutual information, nats'\n"
      << "set multiplot layout " << rows << ',' << columns << "\n";

  std::string const threshold = "0.05 with lines dashtype 2 linecolor rgb '#bbbbbb' title '0.05'";
  std::map<detail::point_style const*, std::string> looks;  // of the styles that occur
  for (census_record const& census : censuses) {
    std::string plots = threshold;
    for (auto const& style : detail::point_styles) {
      std::string const points = detail::points_of(census, style);
      if (points.empty()) continue;
      std::string block = "$";
      block.append(style.type.empty() ? "untyped" : style.type).append(style.strong ? "_strong" : "");
      out << block << " << END\n" << points << "END\n";
      std::string& look = looks[&style] = " with points pointsize 0.4 pointtype ";
      look.append(style.strong ? "7" : "6").append(" linecolor rgb '").append(style.colour).append("' title '");
      look.append(style.title).append("'");
      plots.append(", \\\n  ").append(block).append(look);
    }
    out << "set title " << gnuplot_string(census.name + ": " + number(census.positional.size()) + " positional")
        << "\nplot " << plots << "\n";
  }
  out << "unset title\nunset border\nunset tics\nunset xlabel\nunset ylabel\nset key center center\n"
      << "plot [][1:2] " << threshold;
  for (auto const& [style, look] : looks) out << ", \\\n  NaN" << look;
  out << "\nunset multiplot\n";
}

}  // namespace census
