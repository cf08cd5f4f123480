// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_layout.hpp>
#include <census/report/detail/figure_look.hpp>
#include <census/report/detail/shown_text.hpp>
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

/// The labels of a logarithmic axis of counts: 1, 2 and 5 times powers of ten, or these powers alone where they are
/// many.
inline std::string logarithmic_tics(figure_axis const& axis) {
  bool const is_long = axis.to > 1000 * axis.from;
  std::string tics;
  for (double decade = std::pow(10.0, std::floor(std::log10(axis.from))); decade <= axis.to; decade *= 10)
    for (double const step : {1.0, 2.0, 5.0})
      if (double const at = step * decade; at >= axis.from && at <= axis.to && (step == 1 || !is_long))
        tics += (tics.empty() ? "" : ", ") + number(at);
  return "(" + tics + ")";
}

inline void write_axis(std::ostream& out, char name, figure_axis const& axis) {
  out << "set " << name << "label " << gnuplot_string(axis.label) << "\nset " << name << "range [" << number(axis.from)
      << ':' << number(axis.to) << "]\n"
      << (axis.is_logarithmic ? "set logscale " : "unset logscale ") << name << "\nset format " << name
      << (axis.is_logarithmic ? " '%.0s%c'" : " '%g'") << "\nset " << name << "tics "
      << (axis.is_logarithmic ? logarithmic_tics(axis)
          : axis.is_whole     ? number(whole_step(axis))
                              : "autofreq")
      << '\n';
}

/// Writes the series of a panel as data blocks $s0, $s1 and so on; bars stand on what is below them.
inline void write_data(std::ostream& out, std::vector<figure_series> const& all) {
  std::vector<double> heights;
  for (std::size_t s = 0; s < all.size(); ++s) {
    auto const& points = all[s].points;
    out << "$s" << number(s) << " << END\n";
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

/// Writes a plot command of these parts.
inline void write_plot(std::ostream& out, std::vector<std::string> const& parts) {
  out << "plot ";
  for (std::size_t i = 0; i < parts.size(); ++i) out << (i == 0 ? "" : ", \\\n  ") << parts[i];
  out << '\n';
}

/// Sets where what is plotted next stands in a drawing of this layout.
inline void write_place(std::ostream& out, figure_layout const& layout, figure_place const& place) {
  double const width = static_cast<double>(layout.width()), height = static_cast<double>(layout.height());
  out << "set size " << number(static_cast<double>(place.width) / width) << ','
      << number(static_cast<double>(place.height) / height) << "\nset origin "
      << number(static_cast<double>(place.left) / width) << ','
      << number(1 - static_cast<double>(place.top + place.height) / height) << '\n';
}

/// Writes a panel: its data and the command that plots it.
inline void write_panel(std::ostream& out, figure_panel const& panel) {
  constexpr std::size_t longest_title = 42;
  out << "set title " << gnuplot_string(shortened(panel.title, longest_title)) << '\n';
  write_axis(out, 'x', panel.x), write_axis(out, 'y', panel.y);
  write_data(out, panel.series);
  std::vector<std::string> parts;
  if (panel.threshold)
    parts.push_back(number(*panel.threshold) + " with lines linecolor rgb '#777777' dashtype 2 notitle");
  for (std::size_t s = 0; s < panel.series.size(); ++s)
    if (!panel.series[s].points.empty())
      parts.push_back("$s" + std::to_string(s) + " with " + gnuplot_style(panel.series[s]) + " notitle");
  if (parts.empty()) parts.emplace_back("NaN notitle");
  write_plot(out, parts);
}

/// What a legend shows of a series, at a place in pixels.
inline figure_series sample_of(figure_series const& series, double left, double middle) {
  figure_series sample = series;
  if (series.drawn == drawn_as::dots) {
    sample.points = {{left + 15, middle}};
  } else if (series.drawn == drawn_as::line) {
    sample.points = {{left + 15, middle}, {left, middle}, {left + 30, middle}};  // the first has the mark
  } else {
    if (series.drawn == drawn_as::bars) sample.drawn = drawn_as::spans;
    sample.points = {{left, middle}, {left + 30, middle}};
  }
  return sample;
}

/// Writes a legend, samples and names at places of its own: what gnuplot's keys make of their width depends on fonts.
inline void write_legend(std::ostream& out, figure_legend const& legend, figure_place const& place) {
  out << "set xrange [0:" << number(place.width) << "]\nset yrange [" << number(place.height) << ":0]\nunset label\n";
  std::size_t const left = (place.width - std::min(place.width, legend.columns * legend.column_width)) / 2 + 10;
  std::vector<figure_series> samples;
  for (std::size_t i = 0; i < legend.entries.size(); ++i) {
    figure_series const& series = *legend.entries[i];
    std::size_t const column = i % legend.columns, row = i / legend.columns;
    auto const x = static_cast<double>(left + column * legend.column_width),
               y = static_cast<double>(row * figure_legend::row_height + figure_legend::row_height / 2);
    samples.push_back(sample_of(series, x, y));
    out << "set label " << gnuplot_string(shortened(series.name, figure_legend::longest_name)) << " at "
        << number(x + 38) << ',' << number(y) << " left\n";
  }
  write_data(out, samples);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < samples.size(); ++i)
    parts.push_back("$s" + std::to_string(i) + " with " + gnuplot_style(*legend.entries[i], true) + " notitle");
  write_plot(out, parts);
}

/// The command that sets the terminal of an SVG of this layout, or of a PNG of twice as many pixels.
inline std::string svg_terminal(figure_layout const& layout) {
  return "set terminal svg noenhanced size " + number(layout.width()) + "," + number(layout.height()) +
         " font 'sans-serif,13' background 'white'\n";
}
inline std::string png_terminal(figure_layout const& layout) {
  return "set terminal pngcairo noenhanced size " + number(2 * layout.width()) + "," + number(2 * layout.height()) +
         " font 'sans,10' fontscale 2 linewidth 2 pointscale 2 background 'white'\n";
}

/// Writes the commands that draw a figure on gnuplot's terminal and output, which the caller has set: a drawing of
/// figure_layout's width and height. All texts are quoted; the data are in it, so that it needs no other file.
inline void write_gnuplot_figure(std::ostream& out, figure const& one) {
  figure_layout const layout(one);
  out << "set encoding utf8\nset samples 2\nset border 3\nset tics nomirror out scale 0.6\n"
      << "set grid linetype 1 linewidth 0.5 linecolor rgb '#cccccc'\nset title offset 0,-0.4\n"
      << "set xlabel offset 0,0.3\nunset key\nset multiplot\n";
  for (std::size_t i = 0; i < one.panels.size(); ++i) {
    write_place(out, layout, layout.place_of_panel(i));
    write_panel(out, one.panels[i]);
  }

  out << "unset title\nunset border\nunset tics\nunset grid\nunset xlabel\nunset ylabel\nunset logscale\n"
      << "set lmargin 0\nset rmargin 0\nset tmargin 0\nset bmargin 0\n";
  auto const legend_at = [&](figure_legend const& legend, figure_place const& place) {
    if (legend.rows == 0) return;
    write_place(out, layout, place);
    write_legend(out, legend, place);
  };
  legend_at(layout.shared_legend(), layout.place_of_shared_legend());
  if (one.has_legend_in_panels)
    for (std::size_t i = 0; i < one.panels.size(); ++i) {
      auto const place = layout.place_of_legend(i);
      legend_at(figure_legend({&one.panels[i], 1}, place.width), place);
    }
  out << "unset multiplot\n";
}

}  // namespace census::detail
