// SPDX-License-Identifier: MIT
#include <census/statistic/token_specific.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <utility>
#include <vector>

namespace {

/// Neurons of these covers and firings.
census::token_census layer_of(std::vector<std::uint32_t> cover, std::vector<std::uint64_t> firings) {
  census::token_census layer;
  layer.firings = std::move(firings);
  layer.cover = std::move(cover);
  return layer;
}

}  // namespace

TEST_CASE("the most token-specific neurons have the least cover, of equals the more firings, and fire often enough") {
  auto const layer = layer_of({9, 2, 2, 1, 2, 9}, {500, 60, 80, 49, 80, 500});
  CHECK(census::most_token_specific(layer, 9) == std::vector<std::uint32_t>{2, 4, 1, 0, 5});
  CHECK(census::most_token_specific(layer, 2) == std::vector<std::uint32_t>{2, 4});
  CHECK(census::most_token_specific(layer, 1, 49) == std::vector<std::uint32_t>{3});
  CHECK(census::most_token_specific(layer, 0).empty());
}

TEST_CASE("worth profiling are all token detectors, and the most specific of the others with their top tokens") {
  auto layer = layer_of({1, 2, 3}, {90, 80, 70});
  layer.detectors = {{0, 1, 90, {{1, 90, 90}}, true}};
  auto const table = census_test::planted_table({{0, 20, 30}, {90, 60, 0}, {0, 0, 40}}, {100, 90, 40});
  auto const worth = census::worth_profiling(layer, table, 2, 1);
  REQUIRE(worth.size() == 2);  // the two most specific are 0, which is there, and 1
  CHECK(worth[0] == layer.detectors[0]);
  CHECK(worth[1] == census::detector{1, 2, 80, {{1, 60, 90}}, false});
  CHECK(census::worth_profiling(layer, table, 0).size() == 1);
}

TEST_CASE("profiles are worth drawing of detectors, then of the neurons most specific to tokens that fired enough") {
  // Three neurons: the first detects two tokens, the second fires on all of them, the third never.
  census::firing_table<census::token_id> const table{
      {5, 7, 9}, census_test::planted_table({{60, 30, 0}, {0, 40, 0}, {40, 20, 0}}, {60, 80, 40})};
  auto const taken = census::take_token_census(table);
  CHECK(census::most_token_specific(taken, 3) == std::vector<std::uint32_t>{0, 1});
  CHECK(census::most_token_specific(taken, 3, 95) == std::vector<std::uint32_t>{0});
  CHECK(census::most_token_specific(taken, 1) == std::vector<std::uint32_t>{0});
  auto const chosen = census::worth_profiling(taken, table, 3, 2);
  REQUIRE(chosen.size() == 2);
  CHECK(chosen[0].is_one);
  CHECK(chosen[1].neuron == 1);
  CHECK_FALSE(chosen[1].is_one);
  REQUIRE(chosen[1].detected.size() == 2);
  CHECK(chosen[1].detected[0].row == 1);
}
