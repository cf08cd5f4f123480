// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/number.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// One row of a table: its columns, name and value, in order. An empty value is a figure that does not exist or is not
/// known. docs/results.md explains each.
using csv_row = std::vector<std::pair<std::string, std::string>>;

inline void write_csv_header(std::ostream& out, csv_row const& row) {
  for (std::size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << row[i].first;
  out << '\n';
}
inline void write_csv_line(std::ostream& out, csv_row const& row) {
  for (std::size_t i = 0; i < row.size(); ++i) out << (i > 0 ? "," : "") << row[i].second;
  out << '\n';
}

/// A figure as a cell: empty where there is none, or where it is not finite.
inline std::string cell_of(std::optional<double> figure) {
  return figure && std::isfinite(*figure) ? number(*figure) : std::string();
}

}  // namespace census
