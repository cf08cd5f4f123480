// SPDX-License-Identifier: MIT
#include <census/statistic/position_code.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

TEST_CASE("four neurons that fire for a quarter each: nothing left out, none redundant, four codes, and chance does "
          "not do it") {
  // period 16, each fires for 4 of 16 positions, the fifth as the first; position 0 is noise
  std::uint32_t const positions = 256, sequences = 100;
  std::vector<std::uint32_t> keys;
  std::vector<std::vector<std::uint32_t>> counts;
  for (std::uint32_t p = 0; p < positions; ++p) {
    keys.push_back(p);
    counts.push_back({});
    for (std::uint32_t n = 0; n < 5; ++n) counts.back().push_back(p == 0 ? 50 : p / 4 % 4 == n % 4 ? sequences : 0);
  }
  census::firing_table<std::uint32_t> const table{
      keys, census_test::planted_table(counts, std::vector<std::uint32_t>(positions, sequences))};

  auto const quarters = census::position_code_of(table, std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(quarters.coding.coverage == 1);
  CHECK(quarters.coding.redundant == 0);
  CHECK(quarters.coding.codes == 4);
  CHECK(quarters.coding.information == Approx(std::log(4.0)).epsilon(1e-3));
  CHECK(quarters.null.coverage < 0.9);
  CHECK(quarters.null.p_coverage < 0.02);  // shifts that fit within a position or so: (3·2·1)/16^3 and a little
  for (auto const& member : quarters.members) {
    CHECK(member.period == Approx(16).epsilon(1e-9));
    CHECK_FALSE(member.redundant);
    CHECK(member.overlap > 0.9);
    CHECK(member.active.size() == (member.neuron == 0 ? 63 : 64));
  }
  CHECK(quarters.members[1].partner != 1);

  auto const with_double = census::position_code_of(table, std::vector<std::uint32_t>{0, 1, 2, 3, 4});
  CHECK(with_double.coding.redundant == 2);  // 0 and 4 stand in for each other
  CHECK(with_double.members[0].partner == 4);
  CHECK(with_double.members[0].shift == 0);
  CHECK(with_double.members[0].overlap == 1);

  auto const again = census::position_code_of(table, std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(again.null.information == quarters.null.information);
  CHECK(census::position_code_of(table, std::vector<std::uint32_t>{0, 1, 2, 3}, {}, 1000, 1).null.information !=
        quarters.null.information);

  auto const alone = census::position_code_of(table, std::vector<std::uint32_t>{2});
  CHECK(alone.members[0].partner == 2);
  CHECK(alone.null.p_coverage == 1);  // a shift changes nothing
  CHECK(census::position_code_of(table, {}).members.empty());
}

TEST_CASE("a period is the mean distance of like changes") {
  std::vector<census::extreme_run> const runs{
      {false, 0, 10, 1}, {true, 12, 20, 1}, {false, 20, 31, 1}, {true, 31, 40, 1}};
  CHECK(census::period_of(runs) == 20);  // changes at 11, 20, 31
  CHECK(census::period_of(std::span(runs).first(3)) == 0);
}

TEST_CASE("a code for no position has no figure that is not a number") {
  std::vector<std::uint32_t> const position_0{0}, occurrences{3}, firings{1, 2};
  census::firing_table<std::uint32_t> const table(position_0, occurrences, firings);
  auto const code = census::position_code_of(table, std::vector<std::uint32_t>{0, 1});
  CHECK(code.members.size() == 2);
  CHECK(code.coding == census::position_coding{});
  CHECK(code.null.coverage == 0);
  CHECK(code.null.p_coverage == 1);
}
