// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/tabulation/optional_token.hpp>

#include "two_sequences.hpp"

#include <support/catch.hpp>

#include <optional>

using census_test::place;

TEST_CASE("two tokens that are not there are not equal") {
  census::optional_token const none, other, three(3), also_three(3), four(4);
  CHECK_FALSE(none == other);
  CHECK_FALSE(none == three);
  CHECK(three == also_three);
  CHECK_FALSE(three == four);
  CHECK(none == std::nullopt);
  CHECK(three == 3);
  CHECK(three != 4);
  CHECK_FALSE(three == std::nullopt);
}

TEST_CASE("a repeated token is one that stands there twice: nothing repeats at BOS or behind it") {
  auto const rows = census::text_rows{{2, 7, 7, 8, 7}, {{.length = 5, .has_bos = true}}};
  std::vector<bool> compared, repeats, two_back;
  for (std::uint32_t row = 0; row < 5; ++row) {
    census::token_at const at(rows, rows.sequences[0], row);
    compared.push_back(at.before(1) == at.before(0));
    repeats.push_back(at.repeats(1));
    two_back.push_back(at.repeats(2));
  }
  CHECK(repeats == std::vector<bool>{false, false, true, false, false});
  CHECK(compared == repeats);
  CHECK(two_back == std::vector<bool>{false, false, false, false, true});
}

TEST_CASE("the token before counts as a key where there is one, alone and in a tuple") {
  auto const block = census::make_block(0, census::share({{2, 7, 7, 8}, {{.length = 4, .has_bos = true}}}),
                                        {std::vector<float>{1, 1, 1, 0}, 1});
  census::firings_by before{[](census::token_at at) { return at.before(1); }};
  census::firings_by both{[](census::token_at at) { return std::tuple(at.before(1), at.token()); }};
  before.observe(block), both.observe(block);
  CHECK(before.table(0).keys == std::vector<census::token_id>{7});
  CHECK(before.table(0).occurrences(0) == 2);
  CHECK(both.table(0).rows() == 4);  // where none stands before, that is a part of the key like another
}
