// SPDX-License-Identifier: MIT
#include <census/report/csv_reader.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>

TEST_CASE("a table is read row by row, its columns by name, an empty cell as no figure") {
  temporary_folder const folder;
  census::csv_reader csv(folder.write("x.csv", "a,b,c\n1,,x\n18446744073709551615,-1e-3,\n"));
  auto const a = csv.need("a"), b = csv.need("b"), c = csv.find("c"), none = csv.find("d");
  REQUIRE(csv.next());
  CHECK(csv.count(a) == 1);
  CHECK_FALSE(csv.real(b).has_value());
  CHECK(csv.text(c) == "x");
  CHECK(csv.text(none) == "");
  CHECK_FALSE(csv.count(none).has_value());
  REQUIRE(csv.next());
  CHECK(csv.count(a) == ~std::uint64_t{0});
  CHECK(csv.real(b) == -1e-3);
  CHECK(csv.place() == (folder / "x.csv") + ":3");
  CHECK_FALSE(csv.next());
}

TEST_CASE("a table that a spreadsheet wrote again is the same table") {
  temporary_folder const folder;
  for (char const* text : {"a,b\n1,x\n2,\n", "a,b\r\n1,x\r\n2,\r\n",
                           "\xef\xbb\xbf"
                           "a,b\r\n1,x\r\n2,\r\n"}) {
    census::csv_reader csv(folder.write("x.csv", text));
    auto const a = csv.need("a"), b = csv.need("b");  // the last column is found
    REQUIRE(csv.next());
    CHECK((csv.count(a) == 1 && csv.text(b) == "x"));
    REQUIRE(csv.next());
    CHECK((csv.count(a) == 2 && csv.text(b) == ""));
    CHECK_FALSE(csv.next());
  }
}

TEST_CASE("a table that is none is refused with file and line") {
  temporary_folder const folder;
  auto const read = [&](char const* text) {
    census::csv_reader csv(folder.write("x.csv", text));
    while (csv.next()) {
    }
  };
  CHECK_THROWS_WITH(read(""), Catch::Contains("x.csv: the file is empty"));
  CHECK_THROWS_WITH(read("a,b,a\n"), Catch::Contains("x.csv:1: the column \"a\" is there twice"));
  CHECK_THROWS_WITH(read("a,b\n1\n"), Catch::Contains("x.csv:2: holds 1 cells for 2 columns"));
  CHECK_THROWS_WITH(read("a,b\n1,2"), Catch::Contains("x.csv:2: the last line is cut short"));
  CHECK_THROWS_WITH(census::csv_reader(folder.write("x.csv", "a\n")).need("b"),
                    Catch::Contains("x.csv: has no column \"b\""));
}

TEST_CASE("a cell is a whole or a finite number, or is refused with its place and column") {
  CHECK(census::parse_cell<double>("0.5", "here", "x") == 0.5);
  CHECK_FALSE(census::parse_cell<double>("", "here", "x").has_value());
  CHECK_THROWS_WITH(census::parse_cell<std::uint64_t>("-1", "here", "x"),
                    Catch::Contains("here: column \"x\": \"-1\" is no whole number"));
  CHECK_THROWS_WITH(census::parse_cell<std::uint64_t>("1.5", "here", "x"), Catch::Contains("is no whole number"));
  CHECK_THROWS_WITH(census::parse_cell<double>("nan", "here", "x"), Catch::Contains("is no number"));
  CHECK_THROWS_WITH(census::parse_cell<double>("1x", "here", "x"), Catch::Contains("is no number"));
}
