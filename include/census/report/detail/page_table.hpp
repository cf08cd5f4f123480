// SPDX-License-Identifier: MIT
#pragma once

#include <census/parse_number.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/page_tokens.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census::detail {

/// A column of a table as a page carries it: numbers, or texts as their numbers among `texts`.
class page_column {
 public:
  using json = nlohmann::ordered_json;

  explicit page_column(std::string name) : name_(std::move(name)) {}

  void append(std::string_view cell) {
    is_empty_ = is_empty_ && cell.empty();
    cells_.push_back(cell);
  }

  bool is_empty() const { return is_empty_; }

  /// {"name", "values"} and, where some cell is no number, {"texts"}; null stands for an empty cell.
  json result() const {
    json values = json::array();
    if (std::ranges::all_of(cells_, [](auto cell) { return cell.empty() || number_in(cell); })) {
      for (auto const cell : cells_) values.push_back(cell.empty() ? json() : page_number(*number_in(cell)));
      return {{"name", name_}, {"values", std::move(values)}};
    }
    page_tokens texts;
    for (auto const cell : cells_) values.push_back(cell.empty() ? json() : json(texts.number_of(std::string(cell))));
    return {{"name", name_}, {"values", std::move(values)}, {"texts", texts.texts()}};
  }

 private:
  static std::optional<double> number_in(std::string_view cell) {
    auto const value = parse_number<double>(cell);
    return value && std::isfinite(*value) ? value : std::nullopt;
  }

  std::string name_;
  std::vector<std::string_view> cells_;
  bool is_empty_ = true;
};

/// A table of a census, layers.csv or neurons.csv, column by column; columns without any figure are left out. Throws
/// bad_input as csv_reader does.
inline nlohmann::ordered_json page_table(std::filesystem::path const& path) {
  csv_reader csv(path);  // whose text the cells are views into
  std::vector<page_column> columns;
  for (auto const name : csv.names()) columns.emplace_back(std::string(name));
  while (csv.next())
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].append(csv.text(i));
  auto table = nlohmann::ordered_json::array();
  for (page_column const& column : columns)
    if (!column.is_empty()) table.push_back(column.result());
  return table;
}

}  // namespace census::detail
