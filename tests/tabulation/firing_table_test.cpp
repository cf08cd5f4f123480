// SPDX-License-Identifier: MIT
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>

#include <vector>

TEST_CASE("leaving keys out of a table keeps the others as they were") {
  census::firing_counts counts(1);
  tabulate(census::pack({std::vector<float>{1, 1, -1}, 1}), census::key_rows(std::vector<std::uint32_t>{0, 1, 2}),
           counts);
  census::firing_table<int> const table({10, 20, 30}, counts);
  auto const less = leave_out(table, [](int key) { return key == 20; });
  CHECK(less.keys == std::vector<int>{10, 30});
  CHECK(less.counts(0)[0] == 1);
  CHECK(less.counts(1)[0] == 0);
  CHECK(less.occurrences(1) == 1);
}
