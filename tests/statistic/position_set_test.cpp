// SPDX-License-Identifier: MIT
#include <census/statistic/detail/position_set.hpp>

#include <support/catch.hpp>
#include <support/random_positions.hpp>

TEST_CASE("a set of positions has what was added, each once") {
  census::detail::position_set set(130);
  CHECK(set.size() == 0);
  set.add(60, 70);
  set.add(65, 68);
  set.add(129, 130);
  CHECK(set.positions() == 130);
  CHECK(set.size() == 11);
  for (std::uint32_t p = 0; p < 130; ++p) CHECK(set.contains(p) == ((p >= 60 && p < 70) || p == 129));
}

TEST_CASE("a shift moves every position around the circle") {
  std::mt19937 random(1);
  for (std::uint32_t const positions : {1u, 63u, 64u, 65u, 255u}) {
    auto const set = census_test::random_positions(positions, random, 3);
    for (std::uint32_t shift = 0; shift < positions; ++shift) {
      auto const moved = set.shifted(shift);
      for (std::uint32_t p = 0; p < positions; ++p) REQUIRE(moved.contains((p + shift) % positions) == set.contains(p));
      CHECK(moved.size() == set.size());
      std::uint32_t shared = 0;
      for (std::uint32_t p = 0; p < positions; ++p) shared += moved.contains(p) && set.contains(p);
      CHECK(moved.shared_with(set) == shared);
    }
  }
}
