// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/shown_text.hpp>
#include <census/report/figure.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace census::detail {

/// The series that a legend of panels names, the first of each name, in the order of their looks; and how they stand.
struct figure_legend {
  static constexpr std::size_t row_height = 20, longest_name = 40;
  std::vector<figure_series const*> entries;
  std::size_t columns = 1, rows = 0, column_width = 0;  ///< the width in pixels

  /// Of panels that live as long, at most `width` pixels wide.
  figure_legend(std::span<figure_panel const> panels, std::size_t width) {
    std::size_t widest = 0;
    for (figure_panel const& panel : panels)
      for (figure_series const& series : panel.series) {
        auto const is_it = [&](figure_series const* entry) { return entry->name == series.name; };
        if (series.name.empty() || std::ranges::any_of(entries, is_it)) continue;
        entries.push_back(&series);
        widest = std::max(widest, width_of(shortened(series.name, longest_name)));
      }
    std::ranges::sort(entries, {}, [](auto const* entry) {
      return std::tuple(entry->look, entry->is_secondary, std::string_view(entry->name));
    });
    column_width = 55 + widest * 15 / 2;
    columns = std::clamp<std::size_t>(width / column_width, 1, std::max<std::size_t>(entries.size(), 1));
    rows = (entries.size() + columns - 1) / columns;
  }

  std::size_t height() const { return rows == 0 ? 0 : rows * row_height + 6; }
};

/// A rectangle of a drawing, in pixels from its upper left corner.
struct figure_place {
  std::size_t left, top, width, height;
};

/// Where the panels and the legends of a figure stand: two panels a row, the legend of all above them, legends of
/// panels below each.
class figure_layout {
 public:
  explicit figure_layout(figure const& one)
      : one_(one), columns_(one.panels.size() > 1 ? 2 : 1),
        shared_(one.has_legend_in_panels ? std::span<figure_panel const>() : std::span(one.panels), width()) {
    if (one.has_legend_in_panels)
      for (figure_panel const& panel : one.panels)
        below_ = std::max(below_, figure_legend({&panel, 1}, panel_width()).height());
  }

  std::size_t width() const { return columns_ == 1 ? 510 : 720; }
  std::size_t height() const {
    std::size_t const rows = (one_.panels.size() + columns_ - 1) / columns_;
    return shared_.height() + std::max<std::size_t>(rows, 1) * (panel_height + below_);
  }

  figure_legend const& shared_legend() const { return shared_; }
  figure_place place_of_shared_legend() const { return {0, 0, width(), shared_.height()}; }

  figure_place place_of_panel(std::size_t i) const {
    return {i % columns_ * panel_width(), shared_.height() + i / columns_ * (panel_height + below_), panel_width(),
            panel_height};
  }
  /// Below the panel.
  figure_place place_of_legend(std::size_t i) const {
    auto const panel = place_of_panel(i);
    return {panel.left, panel.top + panel.height, panel.width, below_};
  }

 private:
  static constexpr std::size_t panel_height = 260;
  std::size_t panel_width() const { return width() / columns_; }

  figure const& one_;
  std::size_t columns_;
  figure_legend shared_;
  std::size_t below_ = 0;  ///< height for the legends of panels
};

}  // namespace census::detail
