// SPDX-License-Identifier: MIT
#include <census/statistic/key_entropy.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>
#include <optional>
#include <random>
#include <vector>

TEST_CASE("entropy over keys: 0 at one key, ln k over k alike, nothing without a firing") {
  // neurons: one key, four alike, never, 1 to 3
  auto const table = census_test::planted_table({{5, 2, 0, 1}, {0, 2, 0, 3}, {0, 2, 0, 0}, {0, 2, 0, 0}}, {6, 3, 9, 4});
  auto const entropies = census::key_entropies(table);
  CHECK(entropies[0] == 0.0);
  CHECK(*entropies[1] == Approx(std::log(4)));
  CHECK(entropies[2] == std::nullopt);
  CHECK(*entropies[3] == Approx(-0.25 * std::log(0.25) - 0.75 * std::log(0.75)));
}

TEST_CASE("entropy over keys of random counts is that of their shares") {
  std::mt19937 random(3);
  std::vector<std::vector<std::uint32_t>> counts(12, std::vector<std::uint32_t>(5));
  for (auto& row : counts)
    for (auto& count : row) count = random() % 3 == 0 ? 0 : random() % 20;
  auto const entropies = census::key_entropies(census_test::planted_table(counts, std::vector<std::uint32_t>(12, 20)));
  for (std::size_t n = 0; n < 5; ++n) {
    double fired = 0, entropy = 0;
    for (auto const& row : counts) fired += row[n];
    for (auto const& row : counts)
      if (row[n] > 0) entropy -= row[n] / fired * std::log(row[n] / fired);
    CHECK(*entropies[n] == Approx(entropy));
  }
}
