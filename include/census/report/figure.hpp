// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace census {

/// A point of a series, in the units of its panel's axes.
struct figure_point {
  double x = 0, y = 0;

  friend bool operator==(figure_point const&, figure_point const&) = default;
};

/// How the points of a series are drawn.
enum class drawn_as {
  line,   ///< joined, with a mark at each
  curve,  ///< joined, without marks: for many points
  dots,   ///< a mark each
  bars,   ///< bars, each standing on those of the series before it; all such series of a panel have the same x
  spans   ///< two points each, the ends of a thick line
};

/// Points that belong together. The same look is the same colour, mark and dashes in all panels of a figure, so give
/// one to one thing (a model, a type).
struct figure_series {
  std::string name;  ///< in the legend; empty: it is not there
  drawn_as drawn = drawn_as::line;
  std::size_t look = 0;
  bool is_secondary = false;  ///< hollow marks, dashed lines: the weaker of two series of one look
  std::vector<figure_point> points;
};

/// An axis: what it measures, with the unit, from where to where.
struct figure_axis {
  std::string label;
  double from = 0, to = 1;
  bool is_logarithmic = false;
  bool is_whole = false;  ///< counts or numbers of layers: labelled at whole numbers only
};

/// One pair of axes and what is drawn in it.
struct figure_panel {
  std::string title;  ///< empty: none
  figure_axis x, y;
  std::vector<figure_series> series;
  std::optional<double> threshold = {};  ///< a horizontal line
};

/// A figure as data: it can be drawn (draw_svg, draw_figures), or taken elsewhere. Texts hold whatever names of models
/// and files hold; who shows them escapes them.
struct figure {
  std::string id;  ///< "figure_1": letters, digits and underscores, so that it names files
  std::string title;
  std::string caption;  ///< says what was counted on how many tokens of which model
  std::vector<figure_panel> panels;
  bool has_legend_in_panels = false;  ///< a legend for each panel instead of one for all
};

/// A figure that could not be made of what the censuses hold.
struct omitted_figure {
  std::string id, title;
  std::string reason;  ///< a sentence
};

/// What several censuses give to look at.
struct figure_set {
  std::vector<figure> figures;
  std::vector<omitted_figure> omitted;
};

}  // namespace census
