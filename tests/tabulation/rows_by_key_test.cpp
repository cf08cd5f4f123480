// SPDX-License-Identifier: MIT
#include <census/tabulation/detail/rows_by_key.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

TEST_CASE("rows are sorted by key as comparing sorts them, one group a key, whatever was sorted before") {
  std::mt19937 random(23);
  census::detail::rows_by_key rows;
  for (std::uint32_t const keys : {1u, 2u, 200u, 256u, 257u, 70'000u, 20'000'000u, census::not_counted})
    for (std::size_t const count : {0, 1, 2, 5000, 300}) {
      std::vector<std::uint32_t> table_row(count);
      for (std::uint32_t& row : table_row) row = random() % 8 == 0 ? census::not_counted : random() % keys;
      for (bool const ascending : {false, true}) {
        if (ascending) std::ranges::sort(table_row);
        std::vector<std::pair<std::uint32_t, std::uint32_t>> expected;
        for (std::uint32_t i = 0; i < count; ++i)
          if (table_row[i] != census::not_counted) expected.emplace_back(table_row[i], i);
        std::ranges::sort(expected);
        rows.assign(table_row);
        CAPTURE(keys, count, ascending);
        REQUIRE(rows.size() == expected.size());
        bool equal = true, apart = true;
        std::size_t next = 0;
        for (auto const& group : rows.groups()) {
          equal &= group.first == next && group.last > group.first;
          for (; next < group.last; ++next) equal &= std::pair(group.table_row, rows.row(next)) == expected[next];
          apart &= group.last == expected.size() || expected[group.last].first != group.table_row;
        }
        CHECK(equal);
        CHECK(apart);
        CHECK(next == expected.size());
      }
    }
}
