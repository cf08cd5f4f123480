// SPDX-License-Identifier: MIT
#include <census/tabulation/key_index.hpp>

#include "two_sequences.hpp"

#include <support/catch.hpp>

#include <limits>
#include <vector>

namespace {

/// The row of the table of each row of the text.
std::vector<std::uint32_t> table_rows_of(census::key_rows const& rows) {
  std::vector<std::uint32_t> table_row(rows.rows(), census::not_counted);
  for (census::row_group const& group : rows.groups())
    for (std::uint32_t i = group.first; i < group.last; ++i) table_row[rows.order()[i]] = group.table_row;
  return table_row;
}

}  // namespace

TEST_CASE("a key that is unequal to itself is refused") {
  auto const rows = census_test::two_sequences();
  census::key_index<double> index;
  auto const not_a_number = [](census::token_at) { return std::numeric_limits<double>::quiet_NaN(); };
  CHECK_THROWS_AS(index.resolve(not_a_number, rows), std::invalid_argument);
}

TEST_CASE("an index gives rows only to keys that occur, the same row each time") {
  auto const rows = census_test::two_sequences();
  census::key_index<census::token_id> index;
  auto const first = table_rows_of(index.resolve(census::key::token{}, rows));
  CHECK(first[0] == census::not_counted);
  CHECK(index.size() == 5);
  CHECK(table_rows_of(index.resolve(census::key::token{}, rows)) == first);
  census::text_rows const other{{12, 30, 12}, {{.length = 3}}};
  auto const second = table_rows_of(index.resolve(census::key::token{}, other));
  CHECK(second == std::vector<std::uint32_t>{first[3], 5, first[3]});
  CHECK(index.size() == 6);
  CHECK(index.find(30) == 5);
  CHECK(index.find(31) == census::not_counted);
}

TEST_CASE("keys that are numbers have rows by when they were met, however large they are") {
  census::key_index<std::uint64_t> index;
  std::vector<std::uint64_t> const met{5, 0, std::uint64_t{1} << 18, (std::uint64_t{1} << 18) - 1, ~std::uint64_t{0}};
  for (std::uint32_t row = 0; row < met.size(); ++row) CHECK(index.find(met[row]) == census::not_counted);
  for (std::uint32_t row = 0; row < met.size(); ++row) CHECK(index.row_of(met[row]) == row);
  for (std::uint32_t row = 0; row < met.size(); ++row) {
    CHECK(index.row_of(met[row]) == row);
    CHECK(index.find(met[row]) == row);
    CHECK(index.ascending().at(met[row]) == row);
  }
  CHECK(index.find(4) == census::not_counted);
  CHECK(index.size() == met.size());
}
