// SPDX-License-Identifier: MIT
#include <census/statistic/silent_here.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <vector>

TEST_CASE("a neuron dead here and alive there comes with the firings that its rate there lets one expect here") {
  auto const here = census_test::planted_table({{0, 0, 3, 0}}, {40}),
             there = census_test::planted_table({{0, 8, 1, 1}, {0, 2, 0, 0}}, {60, 40});
  CHECK(census::dead_here_alive_there(here, there) == std::vector<census::silent_here>{{1, 10, 4}, {3, 1, 0.4}});
  CHECK(census::dead_here_alive_there(there, here).empty());
}

TEST_CASE("tables of other layers' widths, and tables that count nothing, tell nothing of who is dead") {
  auto const table = census_test::planted_table({{0, 1}}, {4});
  CHECK_THROWS_WITH(census::dead_here_alive_there(table, census::firing_counts(3)),
                    Catch::Contains("of 2 and of 3 neurons"));
  CHECK_THROWS_AS(census::dead_here_alive_there(table, census::firing_counts(2)), std::invalid_argument);
  CHECK_THROWS_AS(census::dead_here_alive_there(census::firing_counts(2), table), std::invalid_argument);
}
