// SPDX-License-Identifier: MIT
#include <census/statistic/detectors.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/mutual_information.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>

TEST_CASE("dead neurons, their share, and the mean frequency of the others") {
  // neurons: dead, 3 of 10, always
  auto const table = census_test::planted_table({{0, 1, 4}, {0, 2, 6}}, {4, 6});
  CHECK(census::tokens(table) == 10);
  CHECK(census::firings(table) == std::vector<std::uint64_t>{0, 3, 10});
  CHECK(census::frequencies(table) == std::vector<double>{0, 0.3, 1});
  CHECK(census::dead_neurons(table) == std::vector<std::uint32_t>{0});
  CHECK(census::dead_share(table) == 1.0 / 3);
  CHECK(census::mean_frequency_alive(table) == 0.65);
  CHECK(census::mean_frequency_alive(census_test::planted_table({{0}}, {5})) == std::nullopt);
}

TEST_CASE("rows whose key did not occur count for nothing") {
  census::firing_counts table(3);
  tabulate(census::pack({std::vector<float>{1, 0, 1}, 3}), census::key_rows(std::vector<std::uint32_t>{2}), table);
  CHECK(table.rows() == 3);
  CHECK(census::firings(table) == std::vector<std::uint64_t>{1, 0, 1});
  CHECK(census::covers(table) == std::vector<std::uint32_t>{1, 0, 1});
  CHECK(census::top_keys(table, 0, 5).size() == 1);
  CHECK(census::mutual_information(table) == std::vector<double>{0, 0, 0});
}

TEST_CASE("silent in 58 documents means in fewer than 5.04 % of documents, with 95 % confidence") {
  CHECK(census::firing_rate_upper_95(58) == Approx(0.05034).epsilon(1e-3));
  CHECK(std::pow(1 - census::firing_rate_upper_95(58), 58) == Approx(0.05));
  CHECK(census::firing_rate_upper_95(0) == 1);
}

TEST_CASE("where no token is counted, nothing is said of any neuron: no frequency, no information, no death") {
  census::firing_counts const none(3);
  CHECK(census::frequencies(none).empty());
  CHECK(census::mutual_information(none).empty());
  CHECK(census::corrected_mutual_information(none).empty());
  CHECK(census::mean_frequency_alive(none) == std::nullopt);
  CHECK_THROWS_WITH(census::dead_share(none), Catch::Contains("counts no token"));
  CHECK_THROWS_WITH(census::dead_neurons(none), Catch::Contains("counts no token"));
  CHECK_THROWS_WITH(census::dead_share(census::firing_counts(0)), Catch::Contains("no neurons"));
}
