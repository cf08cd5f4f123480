// SPDX-License-Identifier: MIT
#include <census/statistic/position_code.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>
#include <map>
#include <random>
#include <set>

namespace {

census::position_set some(std::uint32_t positions, std::mt19937& random, unsigned one_in) {
  census::position_set set(positions);
  for (std::uint32_t p = 0; p < positions; ++p)
    if (random() % one_in == 0) set.add(p, p + 1);
  return set;
}

// Independent of the library: every figure from its definition, positions as sets of neurons.
census::team_coding recount(std::vector<census::position_set> const& active, std::uint32_t positions) {
  std::vector<std::set<std::size_t>> at(positions);
  for (std::size_t n = 0; n < active.size(); ++n)
    for (std::uint32_t p = 0; p < positions; ++p)
      if (active[n].contains(p)) at[p].insert(n);
  census::team_coding coding;
  std::map<std::set<std::size_t>, int> codes;
  for (auto const& code : at) ++codes[code], coding.coverage += code.empty() ? 0 : 1.0 / positions;
  coding.codes = static_cast<std::uint32_t>(codes.size());
  coding.information = std::log(positions);
  for (auto const& code : at) coding.information -= std::log(codes[code]) / positions;
  for (std::size_t n = 0; n < active.size(); ++n) {
    double alone = 0;
    for (auto const& code : at) alone += code == std::set<std::size_t>{n};
    coding.redundant += alone <= (positions + 1) / 256.0;
  }
  return coding;
}

}  // namespace

TEST_CASE("a shift moves every position around the circle") {
  std::mt19937 random(1);
  for (std::uint32_t const positions : {1u, 63u, 64u, 65u, 255u}) {
    auto const set = some(positions, random, 3);
    for (std::uint32_t shift = 0; shift < positions; ++shift) {
      auto const moved = set.shifted(shift);
      for (std::uint32_t p = 0; p < positions; ++p) REQUIRE(moved.contains((p + shift) % positions) == set.contains(p));
      CHECK(moved.size() == set.size());
      std::uint32_t shared = 0;
      for (std::uint32_t p = 0; p < positions; ++p) shared += moved.contains(p) && set.contains(p);
      CHECK(moved.shared_with(set) == shared);
    }
  }
}

TEST_CASE("the coding of a team equals a recount from its definition") {
  std::mt19937 random(6);
  for (int round = 0; round < 30; ++round) {
    std::uint32_t const positions = 1 + random() % 600;
    std::vector<census::position_set> active;
    for (unsigned n = 0; n <= random() % 7; ++n) active.push_back(some(positions, random, 2 + random() % 6));
    auto const coding = census::coding_of(active), expected = recount(active, positions);
    CHECK(coding.coverage == Approx(expected.coverage).margin(1e-12));
    CHECK(coding.information == Approx(expected.information).margin(1e-9));
    CHECK(coding.codes == expected.codes);
    CHECK(coding.redundant == expected.redundant);
  }
  CHECK(census::coding_of({}) == census::team_coding{});
}

TEST_CASE("a team of four quarters: nothing left out, none redundant, four codes, and chance does not do it") {
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

TEST_CASE("ten neurons of duty a quarter cover nearly everything by chance: coverage alone is no evidence") {
  std::vector<census::position_set> active(10, census::position_set(2047));
  for (auto& set : active)
    for (std::uint32_t p = 0; p < 2047; p += 256) set.add(p, std::min(p + 64, 2047u));
  auto const null = census::null_of(active, 300, 7);
  CHECK(null.coverage == Approx(1 - std::pow(0.75, 10)).margin(0.02));
  CHECK(null.p_coverage == 1);  // the ten lie on each other, no draw can cover less
}

TEST_CASE("a period is the mean distance of like changes") {
  std::vector<census::extreme_run> const word{
      {false, 0, 10, 1}, {true, 12, 20, 1}, {false, 20, 31, 1}, {true, 31, 40, 1}};
  CHECK(census::period_of(word) == 20);  // changes at 11, 20, 31
  CHECK(census::period_of(std::span(word).first(3)) == 0);
}
