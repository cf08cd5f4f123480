// SPDX-License-Identifier: MIT
#include <census/tabulation/key_index.hpp>

#include <support/catch.hpp>

#include <limits>
#include <string>
#include <vector>

namespace {

using census::token_at;
namespace key = census::key;

// BOS a b c | x y (no BOS, not full, another domain)
census::text_rows text() {
  return {{2, 10, 11, 12, 20, 21},
          {{.document = 7, .first_row = 0, .length = 4, .domain = 1, .full = true, .has_bos = true},
           {.document = 8, .piece = 1, .first_row = 4, .length = 2, .domain = 3}}};
}

auto at(census::text_rows const& rows, std::uint32_t row) {
  return token_at(rows, rows.sequences[row < 4 ? 0 : 1], row);
}

/// The row of the table of each row of the text.
std::vector<std::uint32_t> table_rows_of(census::key_rows const& rows) {
  std::vector<std::uint32_t> table_row(rows.rows(), census::not_counted);
  for (census::row_group const& group : rows.groups())
    for (std::uint32_t i = group.first; i < group.last; ++i) table_row[rows.order()[i]] = group.table_row;
  return table_row;
}

}  // namespace

TEST_CASE("a place knows its token, position, document and what stands before it") {
  auto const rows = text();
  CHECK(at(rows, 0).is_bos());
  CHECK_FALSE(at(rows, 4).is_bos());
  CHECK(at(rows, 3).position() == 3);
  CHECK(at(rows, 5).position() == 1);
  CHECK(at(rows, 5).document() == 8);
  CHECK(at(rows, 3).before(2) == 10);
  CHECK(at(rows, 3).before(3) == std::nullopt);  // BOS is no text
  CHECK(at(rows, 5).before(1) == 20);
  CHECK(at(rows, 5).before(2) == std::nullopt);  // another sequence
}

TEST_CASE("the token key leaves BOS out, the n-gram keys also what would cross the start of a sequence") {
  auto const rows = text();
  CHECK(key::token{}(at(rows, 0)) == std::nullopt);
  CHECK(key::token{}(at(rows, 1)) == 10);
  CHECK(key::token{}(at(rows, 4)) == 20);
  CHECK(key::ngram<2>{}(at(rows, 1)) == std::nullopt);
  CHECK(key::ngram<2>{}(at(rows, 2)) == std::array<census::token_id, 2>{10, 11});
  CHECK(key::ngram<3>{}(at(rows, 3)) == std::array<census::token_id, 3>{10, 11, 12});
  CHECK(key::ngram<2>{}(at(rows, 4)) == std::nullopt);
  CHECK(key::ngram<1>{}(at(rows, 5)) == std::array<census::token_id, 1>{21});
}

TEST_CASE("the position key counts full sequences only, BOS at position 0") {
  auto const rows = text();
  CHECK(key::position{}(at(rows, 0)) == 0);
  CHECK(key::position{}(at(rows, 3)) == 3);
  CHECK(key::position{}(at(rows, 5)) == std::nullopt);
}

TEST_CASE("the keys of domain, document and its beginning count every token, BOS included") {
  auto const rows = text();
  CHECK(key::domain{}(at(rows, 0)) == 1);
  CHECK(key::document{}(at(rows, 0)) == 7);
  CHECK(key::document{}(at(rows, 5)) == 8);
  CHECK(key::begins_document{}(at(rows, 0)));
  CHECK_FALSE(key::begins_document{}(at(rows, 5)));
}

TEST_CASE("a tuple of keys is nothing where one of them is nothing") {
  auto const rows = text();
  key::tuple<key::domain, key::token> const both;
  CHECK(both(at(rows, 0)) == std::nullopt);
  CHECK(both(at(rows, 5)) == std::tuple<std::uint16_t, census::token_id>{3, 21});
}

TEST_CASE("what may be a key function, and what may not") {
  auto const digit = [](token_at here) { return here.token() == 3; };
  auto const word = [](token_at) -> std::optional<std::string> { return std::nullopt; };
  auto const unordered = [](token_at) { return key::nothing{}; };
  auto const blind = [] { return 3; };
  STATIC_REQUIRE(census::key_function<decltype(digit)>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(word)>, std::string>);
  STATIC_REQUIRE(census::key_function<decltype(word)>);
  STATIC_REQUIRE_FALSE(census::key_function<decltype(unordered)>);
  STATIC_REQUIRE_FALSE(census::key_function<decltype(blind)>);
}

TEST_CASE("a key that is unequal to itself is refused") {
  auto const rows = text();
  census::key_index<double> index;
  auto const not_a_number = [](token_at) { return std::numeric_limits<double>::quiet_NaN(); };
  CHECK_THROWS_AS(index.resolve(not_a_number, rows), std::invalid_argument);
}

TEST_CASE("an index gives rows only to keys that occur, the same row each time") {
  auto const rows = text();
  census::key_index<census::token_id> index;
  auto const first = table_rows_of(index.resolve(key::token{}, rows));
  CHECK(first[0] == census::not_counted);
  CHECK(index.size() == 5);
  CHECK(table_rows_of(index.resolve(key::token{}, rows)) == first);
  census::text_rows const other{{12, 30, 12}, {{.length = 3}}};
  auto const second = table_rows_of(index.resolve(key::token{}, other));
  CHECK(second == std::vector<std::uint32_t>{first[3], 5, first[3]});
  CHECK(index.size() == 6);
  CHECK(index.find(30) == 5);
  CHECK(index.find(31) == census::not_counted);
}
