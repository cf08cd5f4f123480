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

namespace {

using ids = std::vector<census::token_id>;

/// What torch.bincount and a sum over tokens give: keys in any order, one that did not occur, 64-bit counts.
census::firing_table<census::token_id> own_table() {
  return {ids{30, 10, 20}, std::vector<std::int64_t>{5, 0, 300}, std::vector<std::int64_t>{1, 5, 0, 0, 299, 2}};
}

}  // namespace

TEST_CASE("a table from one's own counts has its keys in order, and only those that occurred") {
  auto const table = own_table();
  CHECK(table.keys == ids{20, 30});
  CHECK(table.neurons() == 2);
  CHECK(table.occurrences(0) == 300);
  CHECK(table.counts(0)[0] == 299);
  CHECK(table.counts(0)[1] == 2);
  CHECK(table.counts(1)[0] == 1);
  CHECK(table.counts(1)[1] == 5);
  CHECK(census::firing_table<int>({}, std::vector<int>{}, std::vector<int>{}).rows() == 0);
}

TEST_CASE("a table from one's own counts refuses what cannot be counts, naming the place") {
  using table = census::firing_table<int>;
  using longs = std::vector<std::int64_t>;
  auto const refused = [](std::vector<int> keys, longs occurrences, longs counts) -> std::string {
    try {
      (void)table(keys, occurrences, counts);
    } catch (std::exception const& error) {
      return error.what();
    }
    return "nothing";
  };
  CHECK(refused({1, 2}, {4, 4}, {1, 2, 3, 4}) == "nothing");
  CHECK_THAT(refused({1, 2}, {4}, {1, 2, 3, 4}), Catch::Contains("2 keys, 1 occurrences and 4 counts"));
  CHECK_THAT(refused({1, 2}, {4, 4}, {1, 2, 3}), Catch::Contains("2 keys, 2 occurrences and 3 counts"));
  CHECK_THAT(refused({2, 1, 2}, {4, 4, 4}, {1, 2, 3}), Catch::Contains("row 2 is that of row 0"));
  CHECK_THAT(refused({1, 2}, {4, 4}, {1, 2, 5, 3}), Catch::Contains("neuron 0 fired 5 times at a key that occurred 4"));
  CHECK_THAT(refused({1, 2}, {4, 0}, {1, 2, 1, 0}), Catch::Contains("fired 1 times at a key that occurred 0 times"));
  CHECK_THAT(refused({1, 2}, {4, 4}, {1, -2, 3, 3}), Catch::Contains("neuron 1 fired -2 times"));
  CHECK_THAT(refused({1, 2}, {4, -4}, {1, 2, 3, 3}), Catch::Contains("row 1 occurred -4 times"));
  CHECK_THAT(refused({1}, {std::int64_t{1} << 32}, {1}), Catch::Contains("2^32 - 1"));
  CHECK_THROWS_AS(census::firing_table<double>({0.0 / 0.0, 1.0}, longs{1, 1}, longs{1, 1}), std::invalid_argument);
}

TEST_CASE("a key is looked up by itself, and one that did not occur has zeros") {
  auto const table = own_table();
  CHECK(table.row_of(30) == 1u);
  CHECK(table.row_of(10) == std::nullopt);
  CHECK(table.occurrences_of(30) == 5);
  CHECK(table.occurrences_of(10) == 0);
  CHECK(table.counts_of(30)[1] == 5);
  CHECK(table.counts_of(31)[1] == 0);
  CHECK(table.counts_of(31).size() == 2);
  std::uint64_t sum = 0;
  table.counts_of(31).visit([&](auto cells) {
    for (auto const cell : cells) sum += cell + 1u;
  });
  CHECK(sum == 2);
}

TEST_CASE("a table by bool is asked by key, also of a table that goes at once, also where the key never occurred") {
  auto const never_odd = [] {
    return census::firing_table<bool>({false}, std::vector<int>{4}, std::vector<int>{3, 0});
  };
  auto const only_odd = [] { return census::firing_table<bool>({true}, std::vector<int>{4}, std::vector<int>{3, 1}); };
  auto const counts = never_odd().counts(true);  // owns what it needs
  CHECK(counts[0] == 0);
  CHECK(counts[1] == 0);
  auto const kept = only_odd().counts(true);
  CHECK(kept[0] == 3);
  CHECK(kept[1] == 1);
  CHECK(only_odd().counts(false)[0] == 0);
  CHECK(never_odd().occurrences(true) == 0);
  CHECK(only_odd().occurrences(true) == 4);
  std::vector<std::uint32_t> gone_by;
  for (std::uint32_t const count : only_odd().counts(0)) gone_by.push_back(count);
  CHECK(gone_by == std::vector<std::uint32_t>{3, 1});
}

TEST_CASE("a row that a table has not is out of range, and keys that are not one a row, ascending, are no keys") {
  auto const table = own_table();
  CHECK_THROWS_WITH(table.counts(2), Catch::Contains("there is no row 2, there are 2"));
  CHECK_THROWS_AS(table.occurrences(2), std::out_of_range);
  census::firing_counts const counts = table;
  CHECK_THROWS_WITH(census::firing_table<int>({1}, counts), Catch::Contains("1 keys for counts of 2 rows"));
  CHECK_THROWS_AS(census::firing_table<int>({2, 1}, counts), std::invalid_argument);
  CHECK_THROWS_AS(census::firing_table<int>({1, 1}, counts), std::invalid_argument);
}
