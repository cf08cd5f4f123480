// SPDX-License-Identifier: MIT
#include <census/tabulation/row_counts.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <ranges>
#include <vector>

static_assert(std::ranges::forward_range<census::row_counts>);
static_assert(std::ranges::borrowed_range<census::row_counts>);

TEST_CASE("counts are read as numbers of 32 bits, whatever their cells are") {
  std::vector<std::uint8_t> const narrow{0, 1, 255};
  std::vector<std::uint16_t> const middle{0, 1, 255};
  std::vector<std::uint32_t> const wide{0, 1, 255}, other{0, 1, 256};
  census::row_counts const one(narrow.data(), 1, 3), two(middle.data(), 2, 3), four(wide.data(), 4, 3);
  for (census::row_counts const& counts : {one, two, four}) {
    CHECK(counts.size() == 3);
    CHECK(counts[2] == 255);
    CHECK(std::ranges::equal(counts, wide));
    CHECK(counts == four);
    CHECK_FALSE(counts == census::row_counts(other.data(), 4, 3));
    CHECK_FALSE(counts == census::row_counts(wide.data(), 4, 2));
  }
  CHECK(one.visit([](auto cells) { return sizeof cells[0]; }) == 1);
  CHECK(two.visit([](auto cells) { return sizeof cells[0]; }) == 2);
  CHECK(four.visit([](auto cells) { return sizeof cells[0]; }) == 4);
}

TEST_CASE("a cell is as wide as the most that it may hold asks for") {
  CHECK(census::detail::cell_bytes_for(0) == 1);
  CHECK(census::detail::cell_bytes_for(255) == 1);
  CHECK(census::detail::cell_bytes_for(256) == 2);
  CHECK(census::detail::cell_bytes_for(65'535) == 2);
  CHECK(census::detail::cell_bytes_for(65'536) == 4);
}
