// SPDX-License-Identifier: MIT
#include <census/tabulation/counts_of_counts.hpp>

#include <support/catch.hpp>

using census::equal_counts;

TEST_CASE("counts of counts say how many keys have each count, the largest count first, without zeros") {
  CHECK(census::counts_of_counts({2, 0, 7, 2, 1, 2}) == std::vector<equal_counts>{{7, 1}, {2, 3}, {1, 1}});
  CHECK(census::counts_of_counts({0, 0}).empty());
  CHECK(census::counts_of_counts({}).empty());
}

TEST_CASE("the sum of counts of counts is the sum of the counts, beyond 32 bits") {
  CHECK(census::sum(std::vector<equal_counts>{{7, 1}, {2, 3}, {1, 1}}) == 14);
  CHECK(census::sum({}) == 0);
  CHECK(census::sum(census::counts_of_counts(std::vector<std::uint32_t>(5, 0xffffffff))) == 5 * 0xffffffffull);
}
