// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/append_cell.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace census {

/// What the cells of a column hold, where they are not empty: a whole number, a real number, 1 or 0, a text.
enum class column_type { whole, real, flag, text };

namespace detail {

/// The type of the columns whose values are of type Value, or an optional of it.
template <class Value>
inline constexpr column_type type_of_column = std::same_as<Value, bool>    ? column_type::flag
                                              : std::integral<Value>       ? column_type::whole
                                              : std::floating_point<Value> ? column_type::real
                                                                           : column_type::text;
template <class Value>
inline constexpr column_type type_of_column<std::optional<Value>> = type_of_column<Value>;

}  // namespace detail

/// A column of a table with a row for each Row: its name, what it says in one line, and a row's value. Everything that
/// is known of a column is here; docs/results.md repeats name and meaning, and a test compares the two.
///
/// A value is a number, a bool (written 1 or 0), a text, or an optional of these. A cell is left empty where there is
/// none, or where a number is not finite: the figure does not exist or is not known. A text that holds a comma, a quote
/// or a line's end, or begins as spreadsheets' formulas do (= + - @ or a tab) and is no number, is refused:
/// std::invalid_argument.
template <class Row>
struct column {
  std::string name;
  std::string_view meaning;                                 ///< a string literal
  std::function<void(std::string&, Row const&)> append_to;  ///< appends a row's cell to a line
  column_type type;                                         ///< examples/python/columns.json repeats it

  /// value(row) gives a row's value, whose type is the column's unless told.
  template <std::invocable<Row const&> Value>
  column(std::string_view column_name, std::string_view says, Value value,
         column_type is = detail::type_of_column<std::remove_cvref_t<std::invoke_result_t<Value const&, Row const&>>>)
      : name(column_name), meaning(says), append_to([value = std::move(value)](std::string& line, Row const& row) {
          detail::append_cell(line, value(row));
        }),
        type(is) {}
};

/// The columns of a table, in order.
template <class Row>
using columns = std::vector<column<Row>>;

}  // namespace census
