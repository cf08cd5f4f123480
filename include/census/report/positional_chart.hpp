// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/figure_layout.hpp>
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
/// can be changed by hand.
inline void write_positional_chart(std::ostream& out, std::vector<census_record> const& censuses,
                                   std::string const& image) {
  figure const chart = detail::figure_8(censuses);
  detail::figure_layout const layout(chart);
  out << "# Positional neurons by layer and mutual information. Draw with: gnuplot THIS_FILE\n"
      << detail::svg_terminal(layout) << "set output " << detail::gnuplot_string(image) << '\n';
  detail::write_gnuplot_figure(out, chart);
}

}  // namespace census
