// SPDX-License-Identifier: MIT
#pragma once

#include <census/parse_number.hpp>
#include <census/report/number.hpp>

#include <cmath>
#include <concepts>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace census::detail {

/// Whether a text may stand in a cell of a table: it ends no cell and no line, and no spreadsheet takes it for a
/// formula that is no number.
inline bool is_text_of_cell(std::string_view text) {
  bool const begins_formula = text.find_first_of("=+-@\t") == 0;
  return text.find_first_of(",\"\r\n") == text.npos && (!begins_formula || parse_number<double>(text));
}

/// Appends a value to a line of a table, as column says. Throws std::invalid_argument for a text that no cell may hold.
template <class Value>
void append_cell(std::string& line, Value const& value) {
  if constexpr (std::same_as<Value, bool>) {
    line += value ? '1' : '0';
  } else if constexpr (std::floating_point<Value>) {
    if (std::isfinite(value)) append_number(line, value);
  } else if constexpr (std::integral<Value>) {
    append_number(line, value);
  } else {
    std::string_view const text(value);
    if (!is_text_of_cell(text)) throw std::invalid_argument("census::column: a value is no text of a cell");
    line += text;
  }
}

template <class Value>
void append_cell(std::string& line, std::optional<Value> const& value) {
  if (value) append_cell(line, *value);
}

}  // namespace census::detail
