// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/number.hpp>

#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace census::detail {

/// Appends a value to a line of a table, as column says.
template <class Value>
void append_cell(std::string& line, Value const& value) {
  if constexpr (std::same_as<Value, bool>) {
    line += value ? '1' : '0';
  } else if constexpr (std::floating_point<Value>) {
    if (std::isfinite(value)) append_number(line, value);
  } else if constexpr (std::integral<Value>) {
    append_number(line, value);
  } else {
    line += std::string_view(value);
  }
}

template <class Value>
void append_cell(std::string& line, std::optional<Value> const& value) {
  if (value) append_cell(line, *value);
}

}  // namespace census::detail
