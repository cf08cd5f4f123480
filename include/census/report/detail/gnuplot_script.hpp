// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_layout.hpp>
#include <census/report/detail/figure_look.hpp>
#include <census/report/detail/xml_text.hpp>
#include <census/report/figure.hpp>
#include <census/report/number.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace census::detail {

/// A text as a gnuplot string of one line in which nothing is expanded, whatever it holds.
inline std::string gnuplot_string(std::string_view text) {
  std::string quoted = "'";
  for (char const c : shown_text(text)) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

/// The distance of the whole numbers that label an axis: 1, 2 or 5 times a power of ten, some eight of them at most.
inline double whole_step(figure_axis const& axis) {
  double const least = std::max(1.0, (axis.to - axis.from) / 8);
  double const decade = std::pow(10.0, std::floor(std::log10(least)));
  for (double const step : {1.0, 2.0, 5.0})
    if (step * decade >= least) return step * decade;
  return 10 * decade;
}

inline void write_axis(std::ostream& out, char name, figure_axis const& axis) {
  out << "set " << name << "label " << gnuplot_string(axis.label) << "\nset " << name << "range [" << number(axis.from)
      << ':' << number(axis.to) << "]\n"
      << (axis.is_logarithmic ? "set logscale " : "unset logscale ") << name << "\nset " << name << "tics "
      << (axis.is_whole ? number(whole_step(axis)) : "autofreq") << '\n';
}

/// Writes the series of a panel as data blocks $s0, $s1 and so on; bars stand on what is below them.
inline void write_data(std::ostream& out, std::vector<figure_series> const& all) {
  std::vector<double> heights;
  for (std::size_t s = 0; s < all.size(); ++s) {
    auto const& points = all[s].points;
    out << "$s" << s << " << END\n";
    for (std::size_t i = 0; i < points.size(); ++i) {
      auto const [x, y] = points[i];
      if (all[s].drawn == drawn_as::bars) {
        heights.resize(std::max(heights.size(), points.size()), 0.0);
        out << number(x) << ' ' << number(heights[i] + y / 2) << ' ' << number(x - 0.4) << ' ' << number(x + 0.4) << ' '
            << number(heights[i]) << ' ' << number(heights[i] + y) << '\n';
        heights[i] += y;
      } else if (all[s].drawn == drawn_as::spans) {
        if (i % 2 == 1)
          out << number(points[i - 1].x) << ' ' << number(y) << ' ' << number(x - points[i - 1].x) << " 0\n";
      } else {
        out << number(x) << ' ' << number(y) << '\n';
      }
    }
    out << "END\n";
  }
}

/// Samples and names of a legend, as parts of a plot command.
inline std::vector<std::string> legend_entries(std::vector<figure_panel> const& panels) {
  std::vector<std::string> entries;
  for (figure_series const* series : legend_of(panels))
    entries.push_back("keyentry with " + gnuplot_style(*series, true) + " title " +
                      gnuplot_string(shortened(series->name, figure_layout::longest_name)));
  return entries;
}

/// Writes a panel: its data and the command that plots it, with these entries of a legend.
inline void write_panel(std::ostream& out, figure_panel const& panel, std::vector<std::string> const& legend) {
  constexpr std::size_t longest_title = 40;
  out << "set title " << gnuplot_string(shortened(panel.title, longest_title)) << '\n';
  write_axis(out, 'x', panel.x), write_axis(out, 'y', panel.y);
  write_data(out, panel.series);
  std::vector<std::string> plots;
  if (panel.threshold)
    plots.push_back(number(*panel.threshold) + " with lines linecolor rgb '#777777' dashtype 2 notitle");
  for (std::size_t s = 0; s < panel.series.size(); ++s)
    if (!panel.series[s].points.empty())
      plots.push_back("$s" + std::to_string(s) + " with " + gnuplot_style(panel.series[s]) + " notitle");
  plots.insert(plots.end(), legend.begin(), legend.end());
  if (plots.empty()) plots.push_back("NaN notitle");
  out << "plot ";
  for (std::size_t i = 0; i < plots.size(); ++i) out << (i == 0 ? "" : ", \\\n  ") << plots[i];
  out << '\n';
}

/// Writes the commands that draw a figure on gnuplot's terminal and output, which the caller has set: a drawing of
/// figure_layout's width and height. All texts are quoted; the data are in it, so that it needs no other file.
inline void write_gnuplot_figure(std::ostream& out, figure const& one) {
  figure_layout const layout(one);
  double const height = static_cast<double>(layout.height());
  double const panel_width = 1.0 / static_cast<double>(layout.columns),
               panel_height = figure_layout::panel_height / height;
  out << "set encoding utf8\nset border 3\nset tics nomirror out scale 0.6\nset grid linecolor rgb '#dddddd'\n"
      << "set samples 2\nset multiplot\nset size " << number(panel_width) << ',' << number(panel_height) << '\n';
  for (std::size_t i = 0; i < one.panels.size(); ++i) {
    std::vector<std::string> legend;
    if (one.has_legend_in_panels) {
      legend = legend_entries({one.panels[i]});
      out << "set key bmargin center horizontal maxcols 1 samplen 3\n";
    } else if (i == 0 && layout.legend_rows > 0) {
      legend = legend_entries(one.panels);
      out << "set key at screen 0.5," << number(1 - 4 / height) << " center top horizontal maxcols "
          << layout.legend_columns << " samplen 3\n";
    } else {
      out << "unset key\n";
    }
    double const row = static_cast<double>(i / layout.columns), column = static_cast<double>(i % layout.columns);
    double const above = static_cast<double>(layout.legend_height()) / height + (row + 1) * panel_height;
    out << "set origin " << number(column * panel_width) << ',' << number(std::max(0.0, 1 - above)) << '\n';
    write_panel(out, one.panels[i], legend);
  }
  out << "unset multiplot\n";
}

}  // namespace census::detail
