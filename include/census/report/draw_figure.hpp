// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/own_files.hpp>
#include <census/archive/whole_file.hpp>
#include <census/json.hpp>
#include <census/report/detail/figure_layout.hpp>
#include <census/report/detail/gnuplot_script.hpp>
#include <census/report/detail/plain_svg.hpp>
#include <census/report/detail/run_gnuplot.hpp>
#include <census/report/figure.hpp>
#include <census/version.hpp>

#include <nlohmann/json.hpp>

#include <deque>
#include <filesystem>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
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

namespace detail {

/// Whether a file of this name is one that draw_figures writes.
inline bool is_figure_file(std::string_view name) {
  if (!name.ends_with(".svg") && !name.ends_with(".png")) return false;
  constexpr std::string_view of_ids = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return name.size() > 4 && name.substr(0, name.size() - 4).find_first_not_of(of_ids) == name.npos;
}

}  // namespace detail

/// Writes each figure as ID.svg and ID.png into a folder, which is made where it is missing, and figures.json, which
/// lists them: only what an earlier one lists is replaced, or goes where it is not drawn again (own_files). Each file
/// appears whole, once all are drawn. Throws as draw_svg does, and bad_input naming the folder or file that cannot be
/// written, or a file in the way, before anything is drawn.
inline void draw_figures(std::vector<figure> const& figures, std::filesystem::path const& folder) {
  constexpr char const* record = "figures.json";
  own_files files(folder, record, detail::is_figure_file, true);
  files.claim(record);
  for (figure const& one : figures)
    for (auto const* ending : {".svg", ".png"}) files.claim(one.id + ending);

  std::deque<whole_file> drawn;
  auto const write = [&](std::string const& name, std::string_view bytes) {
    whole_file& file = drawn.emplace_back(files.claim(name));
    file.stream() << bytes;
    file.finish();
  };
  for (figure const& one : figures) {
    write(one.id + ".svg", draw_svg(one));
    write(one.id + ".png", draw_png(one));
  }
  write(record, json_text(nlohmann::ordered_json{{"census", version}, {"files", files.claimed()}}, 2) + '\n');
  files.begin_replacing();
  for (whole_file& file : drawn) file.commit();
  files.finished();
}

}  // namespace census
