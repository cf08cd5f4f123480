// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/report/column_name.hpp>
#include <census/report/detail/figure_layout.hpp>
#include <census/report/detail/figure_text.hpp>
#include <census/report/detail/gnuplot_script.hpp>
#include <census/report/detail/position_figures.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace census {

/// Writes a gnuplot script that draws the positional neurons of censuses side by side, figure_8 of paper_figures, into
/// the SVG file `image` (paper, figures 8, 10 and 11). The points are in the script, so that it needs no other file and
/// can be changed by hand. Censuses that do not tell who is positional beyond chance have no panel: a comment of the
/// script names them, and their names are returned. Throws bad_input naming the image where no census tells it.
inline std::vector<std::string> write_positional_chart(std::ostream& out, std::vector<census_record> const& censuses,
                                                       std::string const& image) {
  std::vector<std::string> lacking;
  auto const told = detail::that_tell(column_name::positional_corrected, censuses, lacking);
  if (told.empty()) throw bad_input(image, std::string("would show nothing. ") + detail::none_tell_positions);
  figure const chart = detail::figure_8(told);
  detail::figure_layout const layout(chart);
  out << "# Positional neurons by layer and mutual information. Draw with: gnuplot THIS_FILE\n";
  if (!lacking.empty()) out << '#' << printable(detail::without(lacking)) << '\n';
  out << detail::svg_terminal(layout) << "set output " << detail::gnuplot_string(image) << '\n';
  detail::write_gnuplot_figure(out, chart);
  return lacking;
}

}  // namespace census
