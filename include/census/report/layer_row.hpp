// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/suppression_summary.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <cstddef>
#include <optional>

namespace census {

/// What a row of layers.csv tells of: a layer by itself, in counts beside the other layers, and what its token
/// detectors do to their triggers.
struct layer_row {
  layer_census const& census;
  layer_summary const& summary;
  layer_suppression const& suppression;

  /// Of its detectors of one n: 0 for tokens, i for the i-th of its n-grams.
  detector_summary const& detectors(std::size_t i) const { return i == 0 ? summary.tokens : summary.ngrams.at(i - 1); }

  /// A figure of these; none where the census does not tell of such n-grams.
  template <class Figure>
  auto of_detectors(std::size_t i, Figure const& figure) const {
    detector_summary const& one = detectors(i);
    return one.is_known ? std::optional(figure(one)) : std::nullopt;
  }
};

namespace detail {

/// A figure of a part that a layer may lack; none then.
template <class Part, class Figure>
std::optional<Figure> figure_of(std::optional<Part> const& part, Figure Part::*figure) {
  return part ? std::optional((*part).*figure) : std::nullopt;
}

}  // namespace detail
}  // namespace census
