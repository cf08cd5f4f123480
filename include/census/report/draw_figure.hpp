// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/whole_file.hpp>
#include <census/error.hpp>
#include <census/report/detail/figure_layout.hpp>
#include <census/report/detail/gnuplot_script.hpp>
#include <census/report/detail/plain_svg.hpp>
#include <census/report/detail/run_gnuplot.hpp>
#include <census/report/figure.hpp>

#include <cstddef>
#include <filesystem>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace census {

/// A figure as an SVG of its own: no scripts, no links, its title and caption as accessible title and description; what
/// it names by id begins with the figure's id, so that several can stand in one page. Drawn by gnuplot as a child
/// process. Throws bad_input where gnuplot is not installed, std::runtime_error with what it said where it fails.
inline std::string draw_svg(figure const& one) {
  std::ostringstream script;
  script << detail::svg_terminal(detail::figure_layout(one));
  detail::write_gnuplot_figure(script, one);
  return detail::plain_svg(detail::run_gnuplot(script.str()), one);
}

/// The bytes of a PNG, of twice as many pixels as draw_svg's size: for print at 200 pixels an inch. Throws likewise.
inline std::string draw_png(figure const& one) {
  std::ostringstream script;
  script << detail::png_terminal(detail::figure_layout(one));
  detail::write_gnuplot_figure(script, one);
  return detail::run_gnuplot(script.str());
}

/// Writes each figure as ID.svg and ID.png into a folder, which is made where it is missing; each file whole or not at
/// all. Throws as draw_svg does, and bad_input naming the folder or file that cannot be written.
inline void draw_figures(std::vector<figure> const& figures, std::filesystem::path const& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw bad_input(folder.string(), "the folder cannot be made: " + error.message());
  auto const write = [&](std::string const& name, std::string_view bytes) {
    whole_file file(folder / name);
    file.stream() << bytes;
    file.commit();
  };
  for (figure const& one : figures) {
    write(one.id + ".svg", draw_svg(one));
    write(one.id + ".png", draw_png(one));
  }
}

}  // namespace census
