// SPDX-License-Identifier: MIT
#include <census/accumulator/valued_block.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

TEST_CASE(
    "blocks that can carry values on the host are valued, and one that carries none is refused by who needs them") {
  STATIC_REQUIRE(census::valued_block<census::block>);
  STATIC_REQUIRE_FALSE(census::valued_block<far_away::block>);
  auto const block = census_test::random_blocks()[0];
  CHECK_NOTHROW(census::require_values(block, "me"));
  CHECK_THROWS_WITH(census::require_values(census::block(0, block.text(), block.firings()), "me"),
                    "me: these blocks do not carry the values of all neurons; ask their source to keep them");
}
