// SPDX-License-Identifier: MIT
#include <census/tabulation/key.hpp>

#include "two_sequences.hpp"

#include <support/catch.hpp>

#include <array>
#include <optional>
#include <string>
#include <tuple>

namespace key = census::key;
using census::token_at;
using census_test::place;

TEST_CASE("the token key leaves BOS out, the n-gram keys also what would cross the start of a sequence") {
  auto const rows = census_test::two_sequences();
  CHECK(key::token{}(place(rows, 0)) == std::nullopt);
  CHECK(key::token{}(place(rows, 1)) == 10);
  CHECK(key::token{}(place(rows, 4)) == 20);
  CHECK(key::ngram<2>{}(place(rows, 1)) == std::nullopt);
  CHECK(key::ngram<2>{}(place(rows, 2)) == std::array<census::token_id, 2>{10, 11});
  CHECK(key::ngram<3>{}(place(rows, 3)) == std::array<census::token_id, 3>{10, 11, 12});
  CHECK(key::ngram<2>{}(place(rows, 4)) == std::nullopt);
  CHECK(key::ngram<1>{}(place(rows, 5)) == std::array<census::token_id, 1>{21});
}

TEST_CASE("the position key counts full sequences only, BOS at position 0") {
  auto const rows = census_test::two_sequences();
  CHECK(key::position{}(place(rows, 0)) == 0);
  CHECK(key::position{}(place(rows, 3)) == 3);
  CHECK(key::position{}(place(rows, 5)) == std::nullopt);
}

TEST_CASE("the keys of domain, document and its beginning count every token, BOS included") {
  auto const rows = census_test::two_sequences();
  CHECK(key::domain{}(place(rows, 0)) == 1);
  CHECK(key::document{}(place(rows, 0)) == 7);
  CHECK(key::document{}(place(rows, 5)) == 8);
  CHECK(key::begins_document{}(place(rows, 0)));
  CHECK_FALSE(key::begins_document{}(place(rows, 5)));
}

TEST_CASE("a tuple of keys is nothing where one of them is nothing") {
  auto const rows = census_test::two_sequences();
  key::tuple<key::domain, key::token> const both;
  CHECK(both(place(rows, 0)) == std::nullopt);
  CHECK(both(place(rows, 5)) == std::tuple<std::uint16_t, census::token_id>{3, 21});
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
