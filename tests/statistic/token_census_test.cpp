// SPDX-License-Identifier: MIT
#include <census/statistic/token_census.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <vector>

namespace {

/// Three neurons: the first detects tokens 5 and 9, the second fires everywhere at random, the third never.
census::firing_table<census::token_id> by_token() {
  return {{5, 7, 9}, census_test::planted_table({{60, 30, 0}, {0, 40, 0}, {40, 20, 0}}, {60, 80, 40})};
}

}  // namespace

TEST_CASE("a token census names detectors and detected tokens by a layer's table alone") {
  auto const taken = census::take_token_census(by_token());
  CHECK(taken.firings == std::vector<std::uint64_t>{100, 90, 0});
  CHECK(taken.cover == std::vector<std::uint32_t>{2, 3, 0});
  CHECK(taken.repeat_rates[0] == 1.0);
  CHECK_FALSE(taken.repeat_rates[2].has_value());
  REQUIRE(taken.detectors.size() == 1);
  CHECK(taken.keys[taken.detectors[0].detected[1].row] == 9);
  CHECK(taken.detected == std::vector<census::token_id>{5, 9});
  CHECK(taken.verdicts.empty());
  CHECK(census::take_token_census(by_token(), {.cover_at_most = 1}).detectors.empty());
}
