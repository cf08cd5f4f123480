// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/model/architecture.hpp>
#include <census/parse_number.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace census {

/// Layers first .. last - 1; all layers of the model unless told.
struct layer_range {
  std::size_t first = 0, last = std::numeric_limits<std::size_t>::max();
};

/// Layers from "FIRST:LAST", LAST left out: "0:6" is layers 0 to 5; either may be missing. Throws bad_input where it
/// reads otherwise.
inline layer_range parse_layers(std::string const& text) {
  layer_range range;
  auto const colon = text.find(':');
  auto const number = [](std::string_view digits, std::size_t& value) {
    auto const given = parse_number<std::size_t>(digits);
    value = given.value_or(value);
    return given || digits.empty();
  };
  std::string_view const view = text;
  if (colon == view.npos || !number(view.substr(0, colon), range.first) || !number(view.substr(colon + 1), range.last))
    throw bad_input("layers " + text, "should read FIRST:LAST, such as 0:6 for layers 0 to 5");
  return range;
}

/// The range with its end filled in. Throws bad_input where it is empty or leaves the model.
inline layer_range layers_of(architecture const& a, layer_range asked) {
  constexpr auto all = layer_range{}.last;
  layer_range const range{asked.first, asked.last == all ? a.layers : asked.last};
  if (range.first < range.last && range.last <= a.layers) return range;
  if (range.first >= range.last && range.last <= a.layers)
    throw bad_input("layers " + std::to_string(range.first) + ":" + std::to_string(range.last), "the range is empty");
  throw bad_input("layers " + std::to_string(asked.first) + ":" + (asked.last == all ? "" : std::to_string(asked.last)),
                  "the model has layers 0:" + std::to_string(a.layers));
}

}  // namespace census
