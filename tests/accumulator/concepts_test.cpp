// SPDX-License-Identifier: MIT
#include <census/accumulator/concepts.hpp>
#include <census/accumulator/paper_tables.hpp>

#include <support/catch.hpp>

TEST_CASE("what is an accumulator, what only an observer, what neither") {
  struct looks {
    void observe(census::block const&) {}
  };
  STATIC_REQUIRE(census::accumulator<census::liveness, census::block>);
  STATIC_REQUIRE(census::observer<looks, census::block>);
  STATIC_REQUIRE_FALSE(census::accumulator<looks, census::block>);
  STATIC_REQUIRE_FALSE(census::observer<census::liveness, int>);
  STATIC_REQUIRE_FALSE(census::observer<int, census::block>);
  auto const capturing = [seen = 3](census::token_at at) { return at.token() > static_cast<census::token_id>(seen); };
  STATIC_REQUIRE(census::accumulator<census::firings_by<std::remove_const_t<decltype(capturing)>>, census::block>);
}
