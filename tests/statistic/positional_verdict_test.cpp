// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/tabulation/decoy_position.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>
#include <support/random_blocks.hpp>

#include <cmath>
#include <limits>
#include <random>

TEST_CASE("the threshold by hand") {
  constexpr double none = std::numeric_limits<double>::infinity();
  std::vector<double> w(20, 0.5);
  CHECK(census::decoy_threshold(w) == 0.5);  // 1/20
  w.back() = 0.4;
  CHECK(census::decoy_threshold(w) == 0.4);
  w.push_back(-0.45);  // 2/20 at 0.4, 1/19 at 0.5
  CHECK(census::decoy_threshold(w) == none);
  for (int i = 0; i < 20; ++i) w.push_back(0.3);
  CHECK(census::decoy_threshold(w) == 0.3);  // 2/40
  CHECK(census::decoy_threshold(w, {1, 10}) == 0.3);
  CHECK(census::decoy_threshold(std::vector<double>(19, 1.0)) == none);
  CHECK(census::decoy_threshold(std::vector<double>(100, 0.0)) == none);
  CHECK(census::decoy_threshold({}) == none);
}

TEST_CASE("the threshold is the least at which the share that the definition writes holds") {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> w;
    for (int i = 0; i < 120; ++i)
      w.push_back(static_cast<double>(static_cast<int>(random() % 41) - (round % 2 ? 12 : 8)) / 16);
    double least = std::numeric_limits<double>::infinity();
    for (double const t : w) {
      if (t == 0) continue;
      double below = 1, above = 0;
      for (double const each : w) below += each <= -std::abs(t), above += each >= std::abs(t);
      if (below / std::max(1.0, above) <= 0.05 + 1e-12) least = std::min(least, std::abs(t));
    }
    CHECK(census::decoy_threshold(w) == least);
  }
}

TEST_CASE("evidence is that of both tables without position 0, and neither knows the order of blocks") {
  auto blocks = census_test::random_blocks({.texts = 30, .context = 40});
  census::position_information real;
  census::firings_by<census::key::decoy_position> decoy, decoy_backwards;
  for (auto const& block : blocks) real.observe(block), decoy.observe(block);
  std::reverse(blocks.begin(), blocks.end());
  for (auto const& block : blocks) decoy_backwards.observe(block);
  CHECK(decoy == decoy_backwards);

  auto const evidence = census::positional_evidence_of(real.table(1), decoy.table(1));
  auto const later = census::leave_out(real.table(1), [](std::uint32_t p) { return p == 0; });
  auto const information = census::mutual_information(later), chance = census::mutual_information(decoy.table(1));
  for (std::size_t n = 0; n < evidence.size(); ++n) {
    CHECK(evidence[n].information == information[n]);
    CHECK(evidence[n].w == census::beyond_rounding(information[n], chance[n]));
    CHECK(evidence[n].w == Approx(information[n] - chance[n]).margin(1e-12));
    bool const by_position = n % 20 == 12;  // fires at p % 4 < 2
    CHECK(census::is_positional(evidence[n], 0.3) == by_position);
    CHECK_FALSE(census::is_positional(evidence[n], evidence[n].w + 1e-9));
  }
  CHECK(evidence[12].information == Approx(std::log(2.0)).epsilon(0.01));
  CHECK_FALSE(census::is_positional({0.06, 0.05, 1}, 0.5));  // above, not at

  CHECK_THROWS_AS(census::positional_evidence_of(real.table(1), decoy.table(2)), std::invalid_argument);
  CHECK_THROWS_AS(census::positional_evidence_of(real.table(1), real.table(1)), std::invalid_argument);
}

TEST_CASE("a difference that rounding makes is none: a neuron that fired once has the same information anywhere") {
  CHECK(census::beyond_rounding(1e-6, 1e-6 * (1 + 1e-13)) == 0);
  CHECK(census::beyond_rounding(1e-17, -3e-17) == 0);
  CHECK(census::beyond_rounding(0.3, 0.2) == Approx(0.1));
  CHECK(census::beyond_rounding(0.2, 0.3) == Approx(-0.1));
  // The least real difference: two firings at one position, or at two. 2 ln 2 / (S T) nats.
  double const together = census::mutual_information(census_test::planted_table({{2}, {0}, {0}}, {50, 50, 50}))[0],
               apart = census::mutual_information(census_test::planted_table({{1}, {1}, {0}}, {50, 50, 50}))[0],
               elsewhere = census::mutual_information(census_test::planted_table({{0}, {1}, {1}}, {50, 50, 50}))[0];
  CHECK(census::beyond_rounding(together, apart) > 0.005);
  CHECK(census::beyond_rounding(elsewhere, apart) == 0);
}
