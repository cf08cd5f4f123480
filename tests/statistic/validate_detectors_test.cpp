// SPDX-License-Identifier: MIT
#include <census/statistic/validate_detectors.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <array>
#include <cmath>

using census::verdict;

TEST_CASE("each neuron of a table is claimed to be a detector or none by the first half, and tested on the second") {
  // keys: half 0 has tokens 7 and 8, half 1 tokens 7 and 9; neuron 0 answers to 7, neuron 1 to nothing in particular,
  // neuron 2 is dead, neuron 3 detects 7 in the first half only
  using key = std::tuple<std::uint8_t, census::token_id>;
  census::firing_table<key> const table(
      {{0, 7}, {0, 8}, {1, 7}, {1, 9}},
      census_test::planted_table({{80, 60, 0, 80}, {0, 30, 0, 0}, {82, 40, 0, 10}, {0, 30, 0, 10}},
                                 {80, 100, 82, 100}));
  auto const found = census::validate_detectors(table);
  REQUIRE(found.size() == 4);
  CHECK(found[0].verdict == verdict::yes);
  CHECK(found[0].p == Approx(std::pow(0.95, 82)));
  CHECK(found[1].verdict == verdict::no);
  CHECK(found[1].p < 1e-6);
  CHECK(found[2] == census::tested_claim{});
  CHECK(found[3].verdict == verdict::yes);
  CHECK(found[3].p == 1);
}

TEST_CASE("keys may be n-grams") {
  using bigram = std::array<census::token_id, 2>;
  census::firing_table<std::tuple<std::uint8_t, bigram>> const table(
      {{0, {3, 4}}, {1, {3, 4}}, {1, {3, 5}}}, census_test::planted_table({{90}, {90}, {0}}, {90, 90, 9}));
  REQUIRE(census::validate_detectors(table).size() == 1);
  CHECK(census::validate_detectors(table)[0].verdict == verdict::yes);
  CHECK(census::validate_detectors(table)[0].p == Approx(std::pow(0.95, 90)));
}
