// SPDX-License-Identifier: MIT
#include <census/tabulation/token_at.hpp>

#include "two_sequences.hpp"

#include <support/catch.hpp>

#include <optional>

using census_test::place;

TEST_CASE("a place knows its token, position, document and what stands before it") {
  auto const rows = census_test::two_sequences();
  CHECK(place(rows, 0).is_bos());
  CHECK_FALSE(place(rows, 4).is_bos());
  CHECK(place(rows, 3).position() == 3);
  CHECK(place(rows, 5).position() == 1);
  CHECK(place(rows, 5).document() == 8);
  CHECK(place(rows, 3).before(2) == 10);
  CHECK(place(rows, 3).before(3) == std::nullopt);  // BOS is no text
  CHECK(place(rows, 5).before(1) == 20);
  CHECK(place(rows, 5).before(2) == std::nullopt);  // another sequence
}

TEST_CASE("a place knows what comes next in its sequence, and not what lies behind its end") {
  auto const rows = census_test::two_sequences();
  CHECK(place(rows, 0).after(1) == 10);
  CHECK(place(rows, 0).after(3) == 12);
  CHECK(place(rows, 0).after(0) == std::nullopt);  // BOS is no text
  CHECK(place(rows, 2).after(0) == 11);
  CHECK(place(rows, 2).after(1) == 12);
  CHECK(place(rows, 2).after(2) == std::nullopt);  // another sequence
  CHECK(place(rows, 2).after(4000000000u) == std::nullopt);
  CHECK(place(rows, 5).after(1) == std::nullopt);  // the end of the text
}

TEST_CASE("the offset counts a document's tokens without BOS, across its pieces") {
  census::text_rows const rows{{2, 10, 11, 2, 12, 13, 30, 31, 32},
                               {{.document = 4, .first_row = 0, .length = 3, .has_bos = true, .offset = 0},
                                {.document = 4, .piece = 1, .first_row = 3, .length = 3, .has_bos = true, .offset = 2},
                                {.document = 5, .first_row = 6, .length = 2},
                                {.document = 5, .piece = 1, .first_row = 8, .length = 1}}};
  auto const offset = [&](std::size_t sequence, std::uint32_t row) {
    return census::token_at(rows, rows.sequences[sequence], row).offset();
  };
  CHECK(offset(0, 0) == std::nullopt);
  CHECK(offset(0, 1) == 0);
  CHECK(offset(0, 2) == 1);
  CHECK(offset(1, 3) == std::nullopt);
  CHECK(offset(1, 4) == 2);
  CHECK(offset(1, 5) == 3);
  CHECK(offset(2, 7) == 1);             // a first piece begins at 0
  CHECK(offset(3, 8) == std::nullopt);  // where a later one does was not told
}

TEST_CASE("a text of positions alone has no tokens, and asking for one is an error, not a number") {
  auto const rows = census::text_rows::without_tokens({{.length = 2}, {.document = 1, .first_row = 2, .length = 3}});
  CHECK(rows.tokens.size() == 5);
  CHECK_FALSE(rows.has_tokens());
  census::token_at const at(rows, rows.sequences[1], 3);
  CHECK_FALSE(at.has_token());
  CHECK_THROWS_WITH(at.token(), Catch::Contains("row 3 has no token id"));
  CHECK(at.before(0) == std::nullopt);
  CHECK(at.before(1) == std::nullopt);
  CHECK(at.after(1) == std::nullopt);
  CHECK_FALSE(at.repeats(1));
  CHECK(at.position() == 1);
  CHECK(at.offset() == 1);
}
