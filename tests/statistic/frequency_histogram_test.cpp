// SPDX-License-Identifier: MIT
#include <census/statistic/frequency_histogram.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <vector>

TEST_CASE("neurons are counted by decade of their frequency, the dead apart") {
  // frequencies 0, 1, 0.1, 0.099, 0.01, 0.001
  auto const table = census_test::planted_table({{0, 1000, 100, 99, 10, 1}}, {1000});
  auto const histogram = census::frequency_histogram_of(table);
  CHECK(histogram.dead == 1);
  CHECK(histogram.neurons == std::vector<std::uint64_t>{2, 2, 1});
  CHECK(histogram.floor(0) == Approx(0.1));
  CHECK(histogram.floor(2) == Approx(0.001));
}

TEST_CASE("finer bins part a decade and count every neuron once") {
  auto const table = census_test::planted_table({{90, 50, 31, 5, 0, 3}}, {100});
  auto const histogram = census::frequency_histogram_of(table, 2);
  CHECK(histogram.neurons == std::vector<std::uint64_t>{2, 1, 1, 1});
  CHECK(histogram.dead == 1);
  CHECK_THROWS_AS(census::frequency_histogram_of(census::firing_counts(3)), std::invalid_argument);
  CHECK_THROWS_AS(census::frequency_histogram_of(table, 0), std::invalid_argument);
}
