// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>

#include <support/catch.hpp>

#include <vector>

TEST_CASE("texts are joined in their order, each sequence as it was but for its first row") {
  auto const first = census::share({{1, 2, 3}, {{.document = 4, .length = 1}, {.first_row = 1, .length = 2}}});
  auto const second = census::share({{9}, {{.document = 5, .piece = 2, .length = 1, .domain = 1, .has_bos = true}}});
  auto const joined = census::join(std::vector{first, second, first}, 7);
  CHECK(joined->tokens == std::vector<census::token_id>{1, 2, 3, 9, 1, 2, 3});
  REQUIRE(joined->sequences.size() == 5);
  auto expected = second->sequences[0];
  expected.first_row = 3;
  CHECK(joined->sequences[2] == expected);
  CHECK(joined->sequences[4].first_row == 5);
  CHECK(census::join(std::vector<census::shared_text>{})->tokens.empty());
}
