// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/parse_number.hpp>
#include <census/read_file.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// A cell of a census's table as a whole or a finite number; none where it is empty. Throws bad_input with the place
/// and the column's name where it is something else.
template <class Number>
std::optional<Number> parse_cell(std::string_view cell, std::string const& place, std::string_view column) {
  if (cell.empty()) return std::nullopt;
  auto const value = parse_number<Number>(cell);
  bool finite = true;
  if constexpr (std::floating_point<Number>) finite = value && std::isfinite(*value);
  if (!value || !finite)
    throw bad_input(place, "column " + escaped_name(column) + ": " + escaped_name(cell, 40) +
                               (std::integral<Number> ? " is no whole number" : " is no number"));
  return value;
}

/// Reads a table that a census wrote (layers.csv, neurons.csv) row by row, its columns by name: columns that a later
/// version adds disturb nobody, and neither does what spreadsheets make of the file: lines that end in CR LF, a byte
/// order mark. No cell holds a comma, a quote or a line's end. The file is not trusted; throws bad_input naming file,
/// line and column.
class csv_reader {
 public:
  /// A column's place, found once; empty where the file has no such column, and then every cell of it is empty.
  using column = std::optional<std::size_t>;

  explicit csv_reader(std::filesystem::path path) : path_(std::move(path)), text_(read_file(path_)) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    if (!next()) throw bad_input(path_.string(), "the file is empty");
    names_ = cells_;
    for (auto name = names_.begin(); name != names_.end(); ++name)
      if (std::find(names_.begin(), name, *name) != name)
        throw bad_input(place(), "the column " + escaped_name(*name) + " is there twice");
  }
  csv_reader(csv_reader const&) = delete;  // cells are views into text_
  csv_reader& operator=(csv_reader const&) = delete;

  std::vector<std::string_view> const& names() const { return names_; }

  column find(std::string_view name) const {
    auto const found = std::ranges::find(names_, name);
    return found == names_.end() ? column() : column(found - names_.begin());
  }

  /// A column that must be there.
  column need(std::string_view name) const {
    auto const found = find(name);
    if (!found) throw bad_input(path_.string(), "has no column " + escaped_name(name));
    return found;
  }

  /// Goes on to the next row; false after the last.
  bool next() {
    if (at_ == text_.size()) return false;
    ++line_;
    std::size_t const feed = text_.find('\n', at_);
    if (feed == std::string::npos) throw bad_input(place(), "the last line is cut short");
    std::size_t const end = feed > at_ && text_[feed - 1] == '\r' ? feed - 1 : feed;
    cells_.clear();
    for (std::size_t begin = at_; begin <= end;) {
      std::size_t const comma = std::min(text_.find(',', begin), end);
      cells_.push_back(std::string_view(text_).substr(begin, comma - begin));
      begin = comma + 1;
    }
    if (!names_.empty() && cells_.size() != names_.size())
      throw bad_input(place(), "holds " + std::to_string(cells_.size()) + " cells for " +
                                   std::to_string(names_.size()) + " columns");
    at_ = feed + 1;
    return true;
  }

  /// This row's cell as it stands, until next(); empty where the figure does not exist.
  std::string_view text(column of) const { return of ? cells_[*of] : std::string_view(); }

  /// This row's cell as a whole number; none where it is empty.
  std::optional<std::uint64_t> count(column of) const { return parsed<std::uint64_t>(of); }

  /// This row's cell as a finite number; none where it is empty.
  std::optional<double> real(column of) const { return parsed<double>(of); }

  /// The file and the line of this row, for messages.
  std::string place() const { return path_.string() + ":" + std::to_string(line_); }

 private:
  template <class Number>
  std::optional<Number> parsed(column of) const {
    return of ? parse_cell<Number>(cells_[*of], place(), names_[*of]) : std::nullopt;
  }

  std::filesystem::path path_;
  std::string text_;
  std::size_t at_ = 0, line_ = 0;
  std::vector<std::string_view> names_, cells_;
};

}  // namespace census
