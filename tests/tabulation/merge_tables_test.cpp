// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/tabulation/merge_tables.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <string>
#include <vector>

TEST_CASE("merging the tables of two halves of a text gives the table of the whole") {
  auto const blocks = census_test::random_blocks({.texts = 6, .layers = 1, .vocabulary = 30});
  using by_bigram = census::firings_by<census::key::ngram<2>>;
  by_bigram whole, left, right;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    whole.observe(blocks[i]);
    (i < 2 ? left : right).observe(blocks[i]);
  }
  CHECK(census::merge(left.table(0), right.table(0)) == whole.table(0));
  CHECK(census::merge(right.table(0), left.table(0)) == whole.table(0));
}

TEST_CASE("a merged table counts past what either of the two could hold in a cell") {
  using table = census::firing_table<std::string>;
  table const a({"a", "b"}, std::vector{200, 3}, std::vector{200, 1}),
      b({"c", "a"}, std::vector{1, 70000}, std::vector{0, 69999});
  auto const both = census::merge(a, b);
  CHECK(both.keys == std::vector<std::string>{"a", "b", "c"});
  CHECK(both.occurrences_of("a") == 70200);
  CHECK(both.counts_of("a")[0] == 70199);
  CHECK(both.counts_of("c")[0] == 0);
  CHECK(a.counts_of("a")[0] == 200);
}

TEST_CASE("tables of different layers' widths are not merged, and no row is to count past 32 bits") {
  using table = census::firing_table<int>;
  CHECK_THROWS_WITH(
      census::merge(table({1}, std::vector{1}, std::vector{1}), table({1}, std::vector{1}, std::vector{1, 0})),
      Catch::Contains("tables of 1 and of 2 neurons"));
  table const large({1}, std::vector<std::uint64_t>{4000000000u}, std::vector<std::uint64_t>{5});
  CHECK_THROWS_AS(census::merge(large, large), std::overflow_error);
}
