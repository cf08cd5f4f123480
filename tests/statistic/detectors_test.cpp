// SPDX-License-Identifier: MIT
#include <census/statistic/detectors.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cstdint>
#include <stdexcept>
#include <vector>

using census_test::planted_table;

TEST_CASE("a neuron that fires on every occurrence of two tokens and nowhere else detects both") {
  auto const table = planted_table({{10, 1}, {20, 1}, {0, 9}}, {10, 20, 50});
  auto const found = census::detectors(table);
  REQUIRE(found.size() == 1);
  CHECK(found[0].neuron == 0);
  CHECK(found[0].cover == 2);
  CHECK(found[0].firings == 30);
  REQUIRE(found[0].detected.size() == 2);
  CHECK(found[0].detected[0].row == 1);
  CHECK(found[0].detected[0].firings == 20);
  CHECK(found[0].detected[1].occurrences == 10);
  CHECK(census::detected_rows(found) == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("a detector that misses 6 % of a token's occurrences is none, one that misses 5 % is one") {
  auto const table = planted_table({{94, 95}, {0, 0}}, {100, 900});
  auto const found = census::detectors(table);
  REQUIRE(found.size() == 1);
  CHECK(found[0].neuron == 1);
}

TEST_CASE("six tokens whose five largest hold exactly 95 % are detected, one firing less and they are not") {
  // 6 tokens, the neuron fires on each of their occurrences: 19+19+19+19+19 of 100, and 18 of 100 in the fifth
  auto const edge = planted_table({{19}, {19}, {19}, {19}, {19}, {5}}, {19, 19, 19, 19, 19, 5});
  REQUIRE(census::detectors(edge).size() == 1);
  CHECK(census::detectors(edge)[0].detected.size() == 6);  // all such tokens, not only the covering five
  auto const below = planted_table({{19}, {19}, {19}, {19}, {18}, {6}}, {19, 19, 19, 19, 18, 6});
  CHECK(census::detectors(below).empty());
  CHECK(census::detectors(below, {.cover_at_most = 6}).size() == 1);
}

TEST_CASE("detected tokens must explain 95 % of the firings") {
  // the second token is covered but fired on only half of the time: 94 of 100 explained, then 95
  CHECK(census::detectors(planted_table({{94}, {6}}, {94, 12})).empty());
  CHECK(census::detectors(planted_table({{95}, {5}}, {95, 10})).size() == 1);
}

TEST_CASE("a dead neuron detects nothing") { CHECK(census::detectors(planted_table({{0}}, {10})).empty()); }

TEST_CASE("the top keys of a neuron are those of most firings, and of a neuron that is not there are refused") {
  auto const table = planted_table({{10, 1}, {20, 1}, {0, 9}}, {10, 20, 50});
  auto const top = census::top_keys(table, 1, 2);
  REQUIRE(top.size() == 2);
  CHECK(top[0].row == 2);
  CHECK(top[1].row == 0);
  CHECK(census::top_keys(table, 0, 5).size() == 2);
  CHECK_THROWS_AS(census::top_keys(table, 2, 1), std::out_of_range);
  CHECK_THROWS_WITH(census::top_keys(table, 5000, 1), "census::top_keys: there is no neuron 5000, there are 2");
}
