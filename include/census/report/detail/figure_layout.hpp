// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/xml_text.hpp>
#include <census/report/figure.hpp>
#include <census/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace census::detail {

/// A text on one line, its end cut off where it has more than `most` characters.
inline std::string shortened(std::string_view text, std::size_t most) {
  std::string const whole = shown_text(text);
  std::string shown;
  std::size_t characters = 0;
  for (std::string_view rest = whole; !rest.empty(); ++characters) {
    std::size_t const length = character_length(rest);
    if (characters + 1 == most && length < rest.size()) return shown + "…";
    shown += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return shown;
}

/// The characters of a well-formed text.
inline std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

/// The series that a legend of these panels names: the first of each name.
inline std::vector<figure_series const*> legend_of(std::vector<figure_panel> const& panels) {
  std::vector<figure_series const*> entries;
  for (figure_panel const& panel : panels)
    for (figure_series const& series : panel.series)
      if (!series.name.empty() &&
          std::ranges::find(entries, series.name, [](auto const* entry) { return entry->name; }) == entries.end())
        entries.push_back(&series);
  return entries;
}

/// Where panels and legend of a figure stand, in pixels: two panels a row, the legend above them.
struct figure_layout {
  static constexpr std::size_t panel_width = 340, panel_height = 270, legend_row = 22, longest_name = 32;
  std::size_t columns = 1, rows = 1, legend_columns = 1, legend_rows = 0;

  explicit figure_layout(figure const& one) {
    std::size_t const panels = std::max<std::size_t>(one.panels.size(), 1);
    columns = std::min<std::size_t>(panels, 2), rows = (panels + columns - 1) / columns;
    if (one.has_legend_in_panels) return;
    auto const legend = legend_of(one.panels);
    if (legend.empty()) return;
    std::size_t widest = 0;
    for (auto const* entry : legend) widest = std::max(widest, characters_of(shortened(entry->name, longest_name)));
    std::size_t const sample = 60, character = 9;
    legend_columns = std::clamp<std::size_t>(width() / (character * widest + sample), 1, legend.size());
    legend_rows = (legend.size() + legend_columns - 1) / legend_columns;
  }

  std::size_t width() const { return columns == 1 ? panel_width * 3 / 2 : columns * panel_width; }
  std::size_t legend_height() const { return legend_rows == 0 ? 0 : legend_rows * legend_row + 8; }
  std::size_t height() const { return rows * panel_height + legend_height(); }
};

}  // namespace census::detail
