// SPDX-License-Identifier: MIT
#include <census/splitmix64.hpp>

#include <support/catch.hpp>

#include <array>
#include <set>

TEST_CASE("splitmix64 gives the published sequence, and no two numbers the same one") {
  CHECK(census::splitmix64(0) == 0xe220a8397b1dcdaf);
  CHECK(census::splitmix64(0x9e3779b97f4a7c15) == 0x6e789e6aa1b965f4);
  std::set<std::uint64_t> met;
  for (std::uint64_t number = 0; number < 10000; ++number) met.insert(census::splitmix64(number));
  CHECK(met.size() == 10000);
}

TEST_CASE("a bounded number spreads evenly from 0 to below its bound") {
  CHECK(census::bounded(0, 7) == 0);
  CHECK(census::bounded(~std::uint64_t{0}, 7) == 6);
  std::array<int, 7> drawn{};
  for (std::uint64_t number = 0; number < 7000; ++number) ++drawn.at(census::bounded(census::splitmix64(number), 7));
  for (int const count : drawn) CHECK((count > 850 && count < 1150));  // five standard deviations around 1000
}
