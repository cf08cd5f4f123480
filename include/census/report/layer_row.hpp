// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/suppression_summary.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace census {

/// What a row of layers.csv tells of: a layer by itself, in counts beside the other layers, and what its token
/// detectors do to their triggers.
struct layer_row {
  layer_census const& census;
  layer_summary const& summary;
  layer_suppression const& suppression;
};

namespace detail {

/// A figure of a layer's detectors of one n, as layer_summary::detectors takes it; none where the text tells no tokens.
template <class Figure>
std::optional<std::uint64_t> figure_of_detectors(layer_summary const& summary, std::size_t i, Figure const& figure) {
  detector_summary const* const known = summary.detectors(i);
  return known == nullptr ? std::nullopt : std::optional<std::uint64_t>(std::invoke(figure, *known));
}

/// A figure of a part that a layer may lack; none then.
template <class Part, class Figure>
std::optional<Figure> figure_of(std::optional<Part> const& part, Figure Part::*figure) {
  return part ? std::optional((*part).*figure) : std::nullopt;
}

}  // namespace detail
}  // namespace census
