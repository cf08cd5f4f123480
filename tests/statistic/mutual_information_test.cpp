// SPDX-License-Identifier: MIT
#include <census/statistic/mutual_information.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <cmath>
#include <random>

using census_test::planted_table;

TEST_CASE("a neuron that fires on exactly half of the positions has ln 2 nats, one that always or never fires 0") {
  auto const table = planted_table({{8, 8, 0}, {0, 8, 0}, {8, 8, 0}, {0, 8, 0}}, {8, 8, 8, 8});
  auto const information = census::mutual_information(table);
  CHECK(information[0] == Approx(std::log(2.0)).epsilon(1e-14));
  CHECK(information[1] == 0);
  CHECK(information[2] == 0);
}

TEST_CASE("a hand-computed case with unequal keys") {
  // key A: 3 of 4, key B: 1 of 12; p = 4/16
  auto const information = census::mutual_information(planted_table({{3}, {1}}, {4, 12}));
  double const a = 0.75 * std::log(0.75 / 0.25) + 0.25 * std::log(0.25 / 0.75);
  double const b = 1.0 / 12 * std::log((1.0 / 12) / 0.25) + 11.0 / 12 * std::log((11.0 / 12) / 0.75);
  CHECK(information[0] == Approx((4 * a + 12 * b) / 16).epsilon(1e-14));
}

TEST_CASE("mutual information is H(firing) - H(firing | key), and symmetric in firing and silence") {
  std::mt19937 random(5);
  auto const entropy = [](double p) { return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p); };
  for (int round = 0; round < 50; ++round) {
    std::vector<std::vector<std::uint32_t>> counts;
    std::vector<std::uint32_t> occurrences;
    double fired = 0, whole = 0, conditional = 0;
    for (int key = 0; key < 6; ++key) {
      auto const size = static_cast<std::uint32_t>(1 + random() % 30);
      auto const count = static_cast<std::uint32_t>(random() % (size + 1));
      counts.push_back({count, size - count});
      occurrences.push_back(size);
      fired += count, whole += size, conditional += size * entropy(double(count) / size);
    }
    auto const information = census::mutual_information(planted_table(counts, occurrences));
    CHECK(information[0] == Approx(entropy(fired / whole) - conditional / whole).margin(1e-12));
    CHECK(information[1] == Approx(information[0]).margin(1e-12));
  }
}

TEST_CASE("the expected gain is the mean over all placements of the firings") {
  // brute force: every subset of 8 tokens with `fired` members; the key holds the first `size` tokens
  for (std::uint64_t const size : {1u, 3u, 5u})
    for (std::uint64_t fired = 1; fired < 8; ++fired) {
      double sum = 0;
      int placements = 0;
      for (unsigned subset = 0; subset < 256; ++subset) {
        if (static_cast<std::uint64_t>(__builtin_popcount(subset)) != fired) continue;
        auto const inside = static_cast<std::uint64_t>(__builtin_popcount(subset & ((1u << size) - 1)));
        sum += census::information_gain(inside, size, static_cast<double>(fired) / 8);
        ++placements;
      }
      CHECK(census::expected_gain(fired, 8, size) == Approx(sum / placements).epsilon(1e-12));
    }
}

TEST_CASE("the correction takes away what neurons that ignore position seem to know") {
  std::mt19937 random(9);
  std::size_t const positions = 64, neurons = 40;
  std::uint32_t const sequences = 8;
  std::vector<std::vector<std::uint32_t>> counts(positions, std::vector<std::uint32_t>(neurons));
  for (auto& row : counts)
    for (std::size_t n = 0; n < neurons; ++n)
      row[n] = std::binomial_distribution<std::uint32_t>(sequences, 0.02 + 0.02 * static_cast<double>(n))(random);
  auto const table = planted_table(counts, std::vector<std::uint32_t>(positions, sequences));
  auto const plain = census::mutual_information(table), corrected = census::corrected_mutual_information(table);
  double plain_mean = 0, corrected_mean = 0;
  for (std::size_t n = 0; n < neurons; ++n) plain_mean += plain[n] / neurons, corrected_mean += corrected[n] / neurons;
  CHECK(plain_mean > 0.05);  // the paper's threshold, passed by nothing but chance
  CHECK(std::abs(corrected_mean) < 0.004);
}

TEST_CASE("a neuron that never or always fires is corrected by nothing") {
  auto const corrected = census::corrected_mutual_information(planted_table({{0, 3}, {0, 3}}, {3, 3}));
  CHECK(corrected == std::vector<double>{0, 0});
}
