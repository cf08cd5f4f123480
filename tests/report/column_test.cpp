// SPDX-License-Identifier: MIT
#include <census/report/column.hpp>
#include <census/report/detail/csv_writer.hpp>

#include <support/catch.hpp>

#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

TEST_CASE("a table has a line of names and a line a row, cells empty where there is no figure") {
  struct row {
    int number;
    std::optional<double> figure;
  };
  std::vector<bool> const odd{false, true, false};
  census::columns<row> const columns{
      {"number", "as it is", [](row const& of) { return of.number; }},
      {"figure", "if any", [](row const& of) { return of.figure; }},
      {"odd", "1: odd", [&](row const& of) { return odd[static_cast<std::size_t>(of.number)]; }},
      {"name", "a text", [](row const& of) { return of.number == 1 ? std::string_view("one") : std::string_view(); }}};
  std::ostringstream out;
  census::detail::csv_writer<row> table(out, columns);
  table.write({0, 0.1});
  table.write({1, std::nullopt});
  table.write({2, std::numeric_limits<double>::infinity()});
  CHECK(out.str() == "number,figure,odd,name\n0,0.1,0,\n1,,1,one\n2,,0,\n");
}

TEST_CASE("a figure that may be unknown twice over is empty either way") {
  using nested = std::optional<std::optional<int>>;
  std::string line;
  for (auto const& value : {nested(3), nested(std::optional<int>()), nested()}) {
    census::column<nested> const column("x", "", [](nested const& of) { return of; });
    column.append_to(line, value);
    line += ';';
  }
  CHECK(line == "3;;;");
}

TEST_CASE("a text that ends its cell, or that a spreadsheet takes for a formula, is refused") {
  census::column<std::string> const column("x", "", [](std::string const& of) { return of; });
  for (std::string const text : {"=1+1", "+1", "-a", "-1+1", "@SUM(A1)", "\t=1", "a,b", "a\"b", "a\nb", "a\rb"}) {
    std::string line;
    CHECK_THROWS_AS(column.append_to(line, text), std::invalid_argument);
  }
  for (std::string const text : {"both_extremes = 1", "-0.5", "-1e-3", "-inf", ""}) {
    std::string line;
    column.append_to(line, text);
    CHECK(line == text);
  }
}
