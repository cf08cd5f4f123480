// SPDX-License-Identifier: MIT
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>

#include <vector>

namespace {
using rows = std::vector<std::uint32_t>;
census::packed_firings firings(std::vector<float> values, std::size_t neurons) {
  return census::pack({std::move(values), neurons});
}
}  // namespace

TEST_CASE("a copy of counts is independent, and shares the rows that neither writes") {
  census::firing_counts a(1);
  tabulate(firings({1, 1}, 1), rows{0, 1}, a);
  census::firing_counts b = a;
  CHECK(b.counts(0).data() == a.counts(0).data());
  tabulate(firings({1}, 1), rows{0}, b);
  CHECK(a.counts(0)[0] == 1);
  CHECK(b.counts(0)[0] == 2);
  CHECK(b.counts(1).data() == a.counts(1).data());
  CHECK_FALSE(a == b);
}

TEST_CASE("a row that could outgrow its cells is refused before anything is counted") {
  census::firing_counts counts(1);
  tabulate(firings({1}, 1), rows{0}, counts);
  for (int i = 0; i < 31; ++i) counts.add(0, census::firing_counts(counts), 0);  // 2^31 occurrences, 2^31 firings
  CHECK(counts.counts(0)[0] == std::uint32_t{1} << 31);
  census::firing_counts const before = counts;
  CHECK_THROWS_AS(counts.add(0, before, 0), std::overflow_error);
  CHECK(counts == before);

  census::firing_counts almost = before;  // 2^32 - 1 occurrences: the most a cell can count
  for (int i = 0; i < 31; ++i) {
    census::firing_counts power(1);
    tabulate(firings({1}, 1), rows{0}, power);
    for (int j = 0; j < i; ++j) power.add(0, census::firing_counts(power), 0);
    almost.add(0, power, 0);
  }
  CHECK(almost.counts(0)[0] == ~std::uint32_t{0});
  CHECK(almost.occurrences(0) == 0xffffffffu);
  census::firing_counts const full = almost;
  CHECK_THROWS_AS(tabulate(firings({-1, 1}, 1), rows{1, 0}, almost), std::overflow_error);
  CHECK(almost == full);
}

TEST_CASE("a row of a table can be added to a new row of its own") {
  census::firing_counts counts(1);
  tabulate(firings({1}, 1), rows{0}, counts);
  counts.add(500, counts, 0);
  CHECK(counts.counts(500)[0] == 1);
}

TEST_CASE("shapes that disagree are refused") {
  census::firing_counts counts(2);
  CHECK_THROWS_AS(tabulate(firings({1, 1}, 2), rows{0, 0}, counts), std::invalid_argument);
  CHECK_THROWS_AS(tabulate(firings({1, 1}, 1), rows{0, 0}, counts), std::invalid_argument);
  CHECK_THROWS_AS(counts.add(0, census::firing_counts(3), 0), std::invalid_argument);
}

TEST_CASE("leaving keys out of a table keeps the others as they were") {
  census::firing_counts counts(1);
  tabulate(firings({1, 1, -1}, 1), rows{0, 1, 2}, counts);
  census::firing_table<int> const table({10, 20, 30}, counts);
  auto const less = leave_out(table, [](int key) { return key == 20; });
  CHECK(less.keys == std::vector<int>{10, 30});
  CHECK(less.counts(0)[0] == 1);
  CHECK(less.counts(1)[0] == 0);
  CHECK(less.occurrences(1) == 1);
}
