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
