// SPDX-License-Identifier: MIT
#include <census/statistic/liveness_census.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

TEST_CASE("the liveness of a layer is that of its table, and of its documents where there is a record of them") {
  auto const table = census_test::planted_table({{0, 3, 8}}, {8});
  auto const taken = census::take_liveness_census(table);
  CHECK(taken.tokens == 8);
  CHECK(taken.firings == std::vector<std::uint64_t>{0, 3, 8});
  CHECK(taken.frequency(1) == 0.375);
  CHECK(taken.dead_share == Approx(1.0 / 3));
  CHECK(taken.mean_frequency_alive == Approx(5.5 / 8));
  CHECK_FALSE(taken.unseen.has_value());
  CHECK_FALSE(taken.firing_rate_upper_95.has_value());
  CHECK(taken.dead_shares.empty());

  constexpr auto never = census::first_firing_record::never;
  census::first_firing_record const record{{{10, 5}, {20, 3}},
                                           {{never, never, never}, {20, never, never}, {10, 20, never}}};
  auto const recorded = census::take_liveness_census(table, record);
  CHECK(recorded.firings == taken.firings);
  CHECK(recorded.unseen->once == 1);
  CHECK(recorded.firing_rate_upper_95 == Approx(1 - std::sqrt(0.05)));
  REQUIRE(recorded.dead_shares.size() == 2);
  CHECK(recorded.dead_shares[0].dead_share == Approx(2.0 / 3));
  CHECK(recorded.dead_shares[1].dead_share == taken.dead_share);
}
