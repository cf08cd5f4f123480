// SPDX-License-Identifier: MIT
#include <census/tabulation/tabulate.hpp>

#include <support/cancelled_group.hpp>
#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <random>
#include <vector>

namespace {

struct random_case {
  census::packed_firings firings;
  std::vector<std::uint32_t> table_row;
};

random_case make_case(std::size_t rows, std::size_t neurons, std::uint32_t keys, double density, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::bernoulli_distribution fires(density), skipped(0.1);
  std::vector<float> values(rows * neurons);
  for (float& value : values) value = fires(random) ? 1.f : -1.f;
  random_case made{census::pack({std::move(values), neurons}), {}};
  for (std::size_t i = 0; i < rows; ++i)
    made.table_row.push_back(skipped(random) ? census::not_counted : static_cast<std::uint32_t>(random() % keys));
  return made;
}

bool equals_recount(random_case const& made, census::firing_counts const& counts) {
  for (std::uint32_t key = 0; key < counts.rows(); ++key) {
    std::uint64_t occurrences = 0;
    std::vector<std::uint32_t> recount(counts.neurons(), 0);
    for (std::size_t i = 0; i < made.table_row.size(); ++i) {
      if (made.table_row[i] != key) continue;
      ++occurrences;
      for (std::size_t n = 0; n < recount.size(); ++n) recount[n] += made.firings.fires(i, n);
    }
    if (counts.occurrences(key) != occurrences) return false;
    if (occurrences > 0 && !std::ranges::equal(counts.counts(key), recount)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the engine counts what a plain loop counts, for few and many rows a key, sparse and dense") {
  for (std::size_t const neurons : {1, 64, 70, 512, 513, 1100})
    for (std::uint32_t const keys : {1u, 7u, 900u})
      for (double const density : {0.05, 0.6, 1.0}) {
        auto const made = make_case(1000, neurons, keys, density, static_cast<std::uint32_t>(neurons + keys));
        census::firing_counts counts(neurons);
        tabulate(made.firings, census::key_rows(made.table_row), counts);
        CAPTURE(neurons, keys, density);
        CHECK(equals_recount(made, counts));
      }
}

TEST_CASE("the engine counts all of a block in a group of tasks that is cancelled") {
  auto const made = make_case(1000, 513, 900, 0.3, 4);
  census::firing_counts counts(513);
  census_test::in_cancelled_group([&] { tabulate(made.firings, census::key_rows(made.table_row), counts); });
  CHECK(equals_recount(made, counts));
}

TEST_CASE("counting goes on where it stood: two blocks equal one") {
  auto const made = make_case(300, 130, 5, 0.3, 3);
  census::firing_counts once(130), twice(130);
  tabulate(made.firings, census::key_rows(made.table_row), once);
  std::vector<std::uint32_t> front(300, census::not_counted), back(300, census::not_counted);
  std::copy_n(made.table_row.begin(), 120, front.begin());
  std::copy(made.table_row.begin() + 120, made.table_row.end(), back.begin() + 120);
  tabulate(made.firings, census::key_rows(front), twice);
  tabulate(made.firings, census::key_rows(back), twice);
  CHECK(once == twice);
}

TEST_CASE("a block in which nothing is counted changes nothing") {
  auto const made = make_case(3, 70, 1, 0.5, 4);
  census::firing_counts counts(70);
  tabulate(made.firings, census::key_rows(std::vector<std::uint32_t>(3, census::not_counted)), counts);
  CHECK(counts.rows() == 0);
  tabulate(census::pack({std::vector<float>{}, 70}), census::key_rows(), counts);
  CHECK(counts.rows() == 0);
}

TEST_CASE("the counts do not depend on the number of threads") {
  auto const made = make_case(2000, 3000, 40, 0.2, 5);
  census::firing_counts reference(3000);
  for (std::size_t const threads : {1, 2, 4}) {
    tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
    census::firing_counts counts(3000);
    tabulate(made.firings, census::key_rows(made.table_row), counts);
    if (threads == 1) reference = counts;
    CHECK(counts == reference);
  }
  CHECK(equals_recount(made, reference));
}

TEST_CASE(
    "groups of every size around the engine's thresholds are counted exactly, at any density, with ragged words") {
  std::mt19937 random(17);
  for (std::size_t const neurons : {1, 63, 65, 447, 512, 579})
    for (double const density : {0., 0.005, 0.01, 0.05, 0.5, 1.}) {
      std::vector<std::uint32_t> table_row;
      std::uint32_t key = 0;
      for (std::size_t const rows : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 16, 17, 24, 31, 254, 255, 256, 257, 263, 511})
        table_row.insert(table_row.end(), rows, key++);
      table_row.insert(table_row.end(), 10, census::not_counted);
      std::ranges::shuffle(table_row, random);
      random_case made = make_case(table_row.size(), neurons, 1, density, static_cast<std::uint32_t>(neurons));
      made.table_row = table_row;
      census::firing_counts counts(neurons);
      CAPTURE(neurons, density);
      tabulate(made.firings, census::key_rows(made.table_row), counts);
      CHECK(equals_recount(made, counts));
      census::firing_counts const once = counts;
      tabulate(made.firings, census::key_rows(made.table_row),
               counts);  // into cells that are not zero, of rows that are shared
      CHECK(equals_recount(made, once));
      bool doubled = true;
      for (std::uint32_t row = 0; row < counts.rows(); ++row)
        for (std::size_t n = 0; n < neurons; ++n) doubled &= counts.counts(row)[n] == 2 * once.counts(row)[n];
      CHECK(doubled);
    }
}

TEST_CASE("rows in which next to nothing fires and rows in which all does are counted side by side") {
  constexpr std::size_t rows = 200, neurons = 5 * 512;
  std::mt19937 random(19);
  std::vector<float> values(rows * neurons);
  double const densities[]{0, 0.001, 0.009, 0.011, 1};  // a stripe each
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = std::bernoulli_distribution(densities[i % neurons / 512])(random) ? 1.f : -1.f;
  random_case made{census::pack({std::move(values), neurons}), {}};
  for (std::size_t i = 0; i < rows; ++i) made.table_row.push_back(static_cast<std::uint32_t>(i % 70));
  census::firing_counts counts(neurons);
  tabulate(made.firings, census::key_rows(made.table_row), counts);
  CHECK(equals_recount(made, counts));
}

TEST_CASE("cells carry past what a vector of small counts could hold") {
  census::key_rows const table_row(std::vector<std::uint32_t>(1000, 0));
  auto const all = census::pack({std::vector<float>(1000 * 70, 1.f), 70});
  census::firing_counts counts(70);
  for (int block = 0; block < 70; ++block) tabulate(all, table_row, counts);
  CHECK(counts.occurrences(0) == 70'000);
  CHECK(std::ranges::all_of(counts.counts(0), [](std::uint32_t count) { return count == 70'000; }));
}
