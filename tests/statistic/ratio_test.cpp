// SPDX-License-Identifier: MIT
#include <census/statistic/ratio.hpp>

#include <support/catch.hpp>

using census::ratio;

TEST_CASE("a share is compared in integers: 19 of 20 is 95 %, one less is not, at any size") {
  CHECK(census::at_least(19, 20, {19, 20}));
  CHECK_FALSE(census::at_least(18, 20, {19, 20}));
  CHECK(census::at_least(0, 0, {19, 20}));
  std::uint64_t const large = 1ull << 62;
  CHECK(census::at_least(large / 20 * 19, large / 20 * 20, {19, 20}));
  CHECK_FALSE(census::at_least(large / 20 * 19 - 1, large / 20 * 20, {19, 20}));
}

TEST_CASE("the least part is the first that is at least the share") {
  for (census::ratio const share : {ratio{19, 20}, ratio{1, 3}, ratio{0, 1}, ratio{1, 1}})
    for (std::uint64_t whole : {0ull, 1ull, 19ull, 20ull, 21ull, 1ull << 62}) {
      std::uint64_t const least = census::least_part(whole, share);
      CHECK(census::at_least(least, whole, share));
      CHECK((least == 0 || !census::at_least(least - 1, whole, share)));
    }
}

TEST_CASE("a share is read as fraction, decimal or percentage, exactly") {
  CHECK(ratio::parse("19/20", "--cover") == ratio{19, 20});
  CHECK(ratio::parse("0.95", "--cover") == ratio{95, 100});
  CHECK(ratio::parse("95%", "--cover") == ratio{95, 100});
  CHECK(ratio::parse("99.5%", "--cover") == ratio{995, 1000});
  CHECK(ratio::parse("1", "--cover") == ratio{1, 1});
}

TEST_CASE("what is no share is refused, naming where it stood") {
  for (char const* text : {"", "x", "1.5", "-0.5", "3/2", "1/0", "0.9.5", "%", "95 %", "1e-1",
                           "0.1234567890123456789012", "0.01000000000000000"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(ratio::parse(text, "--cover"), census::bad_input);
  }
  CHECK_THROWS_WITH(ratio::parse("2", "--cover"), "--cover: '2' is no share from 0 to 1 such as 19/20, 0.95 or 95%");
}
