// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/percent.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <array>
#include <cstddef>
#include <iomanip>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace census {

/// What is known of a layer by itself, as people read it: a line as soon as the layer is finished, and a line of names
/// before the first. Positional neurons are those of the paper's rule; what is beyond chance is decided over all
/// layers, and print_layer_table tells it.
class layer_lines {
 public:
  explicit layer_lines(std::ostream& out) : out_(&out) {}

  void print(layer_census const& layer) {
    auto const summary = summarise_layer(layer);
    if (!has_names_) line(names);
    has_names_ = true;
    line({std::to_string(layer.layer), std::to_string(layer.neurons()), std::to_string(summary.dead),
          percent_or_dash(layer.liveness.dead_share), percent_or_dash(layer.liveness.mean_frequency_alive),
          summary.position ? std::to_string(summary.position->plain) : "-"});
  }

 private:
  using cells = std::array<std::string, 6>;
  inline static cells const names{"layer", "neurons", "dead", "dead share", "mean frequency", "positional"};
  static constexpr std::array<int, 6> widths{5, 7, 6, 10, 14, 10};  // of layers of up to a million neurons

  static std::string percent_or_dash(std::optional<double> share) { return share ? detail::percent(*share) : "-"; }

  void line(cells const& of) {
    for (std::size_t i = 0; i < of.size(); ++i) *out_ << (i == 0 ? "" : "  ") << std::setw(widths[i]) << of[i];
    *out_ << '\n';
  }

  std::ostream* out_;
  bool has_names_ = false;
};

}  // namespace census
