// SPDX-License-Identifier: MIT
#include <census/statistic/coverage.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <random>

using counts = std::vector<std::uint32_t>;

TEST_CASE("firings that split 50/30/16/4 over four tokens are covered by 3 at 95 %") {
  CHECK(census::cover(counts{50, 30, 16, 4}) == 3);
  CHECK(census::cover(counts{16, 4, 50, 30}) == 3);
  CHECK(census::cover(counts{50, 30, 15, 5}) == 3);  // exactly 95 of 100
  CHECK(census::cover(counts{50, 30, 14, 6}) == 4);  // 94 of 100
}

TEST_CASE("the edges of cover: a dead neuron 0, one key 1, all the same") {
  CHECK(census::cover(counts{}) == 0);
  CHECK(census::cover(counts{0, 0}) == 0);
  CHECK(census::cover(counts{0, 7}) == 1);
  CHECK(census::cover(counts(20, 1)) == 19);
  CHECK(census::cover(counts(21, 1)) == 20);
  CHECK(census::cover(counts{50, 30, 16, 4}, {1, 2}) == 1);
  CHECK(census::cover(counts{50, 30, 16, 4}, {1, 1}) == 4);
}

TEST_CASE("cover is the smallest number of keys that any choice of keys can do with") {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    counts one(1 + random() % 9);
    for (auto& count : one) count = static_cast<std::uint32_t>(random() % 4 == 0 ? random() % 100 : random() % 5);
    std::uint64_t sum = 0;
    for (auto const count : one) sum += count;
    std::uint32_t best = 99;
    for (std::uint32_t subset = 0; subset < 1u << one.size(); ++subset) {
      std::uint64_t held = 0;
      std::uint32_t size = 0;
      for (std::size_t i = 0; i < one.size(); ++i)
        if (subset >> i & 1) held += one[i], ++size;
      if (20 * held >= 19 * sum) best = std::min(best, size);
    }
    CHECK(census::cover(one) == best);
  }
}

TEST_CASE("counts of counts are covered by as many keys as the counts themselves") {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    counts one(random() % 60);
    for (auto& count : one) count = static_cast<std::uint32_t>(random() % (1 + random() % 40));
    for (census::ratio const share : {census::ratio{19, 20}, {1, 2}, {1, 1}})
      CHECK(census::cover(census::counts_of_counts(one), share) == census::cover(one, share));
  }
}

TEST_CASE("every neuron of a table is covered by its own column") {
  auto const table = census_test::planted_table({{5, 0, 1}, {3, 0, 1}, {2, 0, 0}}, {5, 5, 5});
  CHECK(census::covers(table) == counts{3, 0, 2});
}

TEST_CASE("the histogram of covers bins alive neurons") {
  counts const covers{0, 1, 5, 6, 10, 11, 50, 51, 100, 101, 1000, 1001, 90000};
  CHECK(census::cover_histogram(covers) == std::array<std::uint64_t, 6>{2, 2, 2, 2, 2, 2});
}
