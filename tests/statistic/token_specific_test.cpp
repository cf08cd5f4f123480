// SPDX-License-Identifier: MIT
#include <census/statistic/token_specific.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <vector>

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
