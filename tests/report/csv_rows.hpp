// SPDX-License-Identifier: MIT
#pragma once

#include <support/catch.hpp>

#include <cstddef>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace census_test {

/// A table read back: each row by the names of its columns.
inline std::vector<std::map<std::string, std::string>> csv_rows(std::string const& text) {
  std::istringstream in(text);
  auto const next = [&](std::vector<std::string>& cells) {
    std::string line;
    if (!std::getline(in, line)) return false;
    cells.assign(1, "");
    for (char const c : line)
      if (c == ',')
        cells.emplace_back();
      else
        cells.back().push_back(c);
    return true;
  };
  std::vector<std::string> names, cells;
  next(names);
  std::vector<std::map<std::string, std::string>> rows;
  while (next(cells)) {
    REQUIRE(cells.size() == names.size());
    rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) rows.back()[names[i]] = cells[i];
  }
  return rows;
}

}  // namespace census_test
