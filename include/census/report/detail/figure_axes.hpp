// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace census::detail {

/// The least round number that leaves a little room above `largest`; 1 where that is 0.
inline double top_of_axis(double largest) {
  if (!(largest > 0)) return 1;
  double const decade = std::pow(10.0, std::floor(std::log10(largest)));
  for (double const round : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
    if (round * decade >= 1.02 * largest) return round * decade;
  return 1.2 * 10 * decade;
}

/// The same of an axis in per cent, which ends at 100.
inline double top_of_shares(double largest) { return std::min(top_of_axis(largest), 100.0); }

/// The axis of layers of one census.
inline figure_axis axis_of_layers(census_record const& census) {
  return {"layer", census.layers.front().layer - 0.5, census.layers.back().layer + 0.5, false, true};
}

/// The axis on which layers of several censuses are set side by side: their numbers where all end with the same layer,
/// else relative depth, (layer + 1/2) / (last layer counted + 1).
class depth_axis {
 public:
  explicit depth_axis(std::vector<census_record> const& censuses) {
    axis_ = axis_of_layers(censuses.front());
    for (census_record const& census : censuses) {
      is_relative_ = is_relative_ || census.layers.back().layer != censuses.front().layers.back().layer;
      axis_.from = std::min(axis_.from, axis_of_layers(census).from);
    }
    if (is_relative_) axis_ = {"relative depth: 0 first layer, 1 last", 0, 1, false, false};
  }

  figure_axis const& axis() const { return axis_; }

  double at(census_record const& census, std::uint32_t layer) const {
    return is_relative_ ? (layer + 0.5) / (census.layers.back().layer + 1.0) : layer;
  }

  /// What a caption has to say of it.
  std::string caption() const {
    return is_relative_ ? " Layers stand at (layer + ½) / (last layer counted + 1), for the models differ in depth."
                        : "";
  }

 private:
  figure_axis axis_;
  bool is_relative_ = false;
};

}  // namespace census::detail
