// SPDX-License-Identifier: MIT
#include <census/activation/text_rows.hpp>

#include <support/catch.hpp>

TEST_CASE("a text's sequences must cover its rows in order and without gaps") {
  CHECK_NOTHROW(census::share({{1, 2, 3}, {{.first_row = 0, .length = 2}, {.first_row = 2, .length = 1}}}));
  CHECK_THROWS_AS(census::share({{1, 2, 3}, {{.first_row = 0, .length = 2}}}), std::invalid_argument);
  CHECK_THROWS_AS(census::share({{1, 2}, {{.first_row = 0, .length = 1}, {.first_row = 2, .length = 1}}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(census::share({{}, {{.first_row = 0, .length = 0}}}), std::invalid_argument);
}
