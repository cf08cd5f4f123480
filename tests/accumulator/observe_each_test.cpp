// SPDX-License-Identifier: MIT
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/observe_each.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

namespace {

/// Whose backend offers no twin on the host.
struct stranded_block {
  std::uint32_t layer() const { return 0; }
  census::shared_text text() const { return {}; }
  int firings() const { return 0; }
};

}  // namespace

TEST_CASE("an observer can be shown a block that it takes, or whose twin on the host it takes") {
  using census::shown;
  STATIC_REQUIRE(shown<census::kept_firings, census::block>);
  STATIC_REQUIRE(shown<census::kept_firings, far_away::block>);
  STATIC_REQUIRE(shown<census::liveness, far_away::block_without_engine>);
  STATIC_REQUIRE(census::activation_block<stranded_block>);
  STATIC_REQUIRE_FALSE(shown<census::liveness, stranded_block>);
  STATIC_REQUIRE_FALSE(shown<int, census::block>);
  using both = census::together<census::liveness, census::kept_firings>;
  STATIC_REQUIRE(census::accumulator<both, census::block>);
  STATIC_REQUIRE(census::accumulator<both, far_away::block>);
  STATIC_REQUIRE_FALSE(census::observer<both, stranded_block>);
}

TEST_CASE("the host's own block is its own twin") {
  auto const block = census_test::random_blocks()[0];
  census::host_twin<census::block> twin(block);
  CHECK(&twin.get() == &block);
}

TEST_CASE("a twin is brought when it is first asked for, and once") {
  auto const device = std::make_shared<far_away::device>();
  auto const here = census_test::random_blocks()[0];
  far_away::block const block(device, here);
  census::host_twin<far_away::block> twin(block);
  CHECK(device->blocks_brought == 0);
  CHECK(twin.get().text() == here.text());
  CHECK(&twin.get() == &twin.get());
  CHECK(device->blocks_brought == 1);
}
