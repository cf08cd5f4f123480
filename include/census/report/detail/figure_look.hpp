// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/figure.hpp>

#include <array>
#include <cstddef>
#include <string>

namespace census::detail {

/// Colours that people who confuse some can tell apart (Okabe and Ito, 2008), those furthest apart in brightness first.
/// None has to be told by its colour alone: marks and dashes differ, too.
inline constexpr std::array figure_colours{"#0072b2", "#d55e00", "#000000", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

/// Colours of bars, which stand in an order: each is brighter than the one before, in grey as well (viridis).
inline constexpr std::array figure_bar_colours{"#440154", "#3b528b", "#21918c", "#5ec962", "#b8de29", "#fde725"};

/// gnuplot's numbers of marks: circle, square, triangle, diamond and triangle upside down, filled and hollow, and two
/// crosses.
inline constexpr std::array figure_marks{7, 5, 9, 13, 11, 1, 2}, figure_hollow_marks{6, 4, 8, 12, 10, 1, 2};

inline constexpr std::array figure_dashes{"1", "'-'", "'.'", "'-.'", "'-..'", "'- '", "'. '"};

template <class Looks>
constexpr auto look_of(figure_series const& series, Looks const& looks) {
  return looks[series.look % looks.size()];
}

inline std::string gnuplot_colour(figure_series const& series) {
  auto const colour =
      series.drawn == drawn_as::bars ? look_of(series, figure_bar_colours) : look_of(series, figure_colours);
  return std::string(" linecolor rgb '") + colour + "'";
}

inline std::string gnuplot_mark(figure_series const& series) {
  return " pointtype " + std::to_string(look_of(series, series.is_secondary ? figure_hollow_marks : figure_marks));
}

/// How gnuplot draws a series: what follows `with`. In a legend, how it draws its sample.
inline std::string gnuplot_style(figure_series const& series, bool in_legend = false) {
  std::string const colour = gnuplot_colour(series);
  switch (series.drawn) {
  case drawn_as::line:
    return "linespoints linewidth 1.5 pointsize 0.6" + colour + gnuplot_mark(series) + " dashtype " +
           (series.is_secondary ? "'-'" : "1") +
           (in_legend                   ? " pointinterval 3"
            : series.points.size() > 24 ? " pointnumber 12"
                                        : "");
  case drawn_as::curve:
    return "lines linewidth 1.2" + colour + " dashtype " + look_of(series, figure_dashes);
  case drawn_as::dots:
    return "points pointsize " + std::string(in_legend ? "0.7" : "0.5") + colour + gnuplot_mark(series);
  case drawn_as::bars:
    if (in_legend) return "vectors nohead linewidth 10" + colour;
    return "boxxyerror fillstyle solid 1 border linecolor rgb 'white' fillcolor rgb '" +
           std::string(look_of(series, figure_bar_colours)) + "'";
  case drawn_as::spans:
    break;
  }
  return "vectors nohead linewidth 5" + colour;
}

}  // namespace census::detail
