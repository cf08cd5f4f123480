// SPDX-License-Identifier: MIT
#include <census/census.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

#include <sstream>

using device_block = far_away::block_without_engine;

namespace {

static_assert(census::activation_block<device_block>);
static_assert(census::activation_source<std::vector<device_block>>);
static_assert(!census::host_block<device_block> && !census::host_block<far_away::block>);

struct order_seen {
  std::vector<std::uint32_t> layers;
  void observe(census::block const& block) { layers.push_back(block.layer()); }
};

/// Takes a device's block as it is.
struct device_native {
  std::size_t blocks = 0;
  void observe(device_block const&) { ++blocks; }
};

}  // namespace

TEST_CASE("one pass feeds every observer every block, in order") {
  auto const blocks = census_test::random_blocks();
  census::liveness alive, by_hand;
  order_seen seen;
  census::survey(blocks, alive, seen);
  for (auto const& block : blocks) by_hand.observe(block);
  CHECK(alive == by_hand);
  CHECK(seen.layers == std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2});
}

TEST_CASE("a layered source is surveyed one layer at a time") {
  auto const blocks = census_test::random_blocks();
  std::vector<std::vector<census::block>> layered(3);
  for (auto const& block : blocks) layered[block.layer()].push_back(block);
  census::token_coverage whole;
  census::survey(blocks, whole);
  for (auto&& layer : layered) {
    census::token_coverage tokens;
    census::survey(layer, tokens);
    std::uint32_t const number = tokens.layers().at(0);
    CHECK(tokens.table(number) == whole.table(number));
  }
}

TEST_CASE("a device's block comes to the host once, however many observers need it there") {
  auto const blocks = census_test::random_blocks();
  auto const device = std::make_shared<far_away::device>();
  auto const far = far_away::sent<device_block>(device, blocks);
  census::liveness alive, alive_here;
  census::token_coverage tokens, tokens_here;
  device_native native;
  census::survey(far, alive, native, tokens);
  census::survey(blocks, alive_here, tokens_here);
  CHECK(alive == alive_here);
  CHECK(tokens == tokens_here);
  CHECK(native.blocks == blocks.size());
  CHECK(device->blocks_brought == static_cast<int>(blocks.size()));
}

TEST_CASE("a device's block stays where it is when nobody needs it on the host") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = census_test::random_blocks();
  device_native native;
  std::ostringstream silence;
  census::liveness counted_there;
  census::survey(far_away::sent<device_block>(device, blocks), native, census::progress(0, silence));
  census::survey(far_away::sent(device, blocks), counted_there, census::progress(0, silence));
  CHECK(device->blocks_brought == 0);
}
