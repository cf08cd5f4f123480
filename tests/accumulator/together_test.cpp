// SPDX-License-Identifier: MIT
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

TEST_CASE("a product of accumulators merges all of its parts or none") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  census::together left{census::liveness{}, census::token_coverage{}}, right = left;
  left.observe(blocks[0]);
  right.observe(blocks[1]);
  std::get<1>(left.parts).observe(blocks[2]);
  std::get<1>(right.parts).observe(blocks[2]);  // its second part cannot merge
  auto const before = left;
  CHECK_THROWS_AS(left.merge(right), std::invalid_argument);
  CHECK(left == before);
}

TEST_CASE("each part of a product is shown the block that it takes: the backend's, or its twin brought once for all") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = census_test::random_blocks();
  census::together counting{census::liveness{}, census::token_coverage{}};
  census::together all{counting, census::kept_firings{}, census::together{census::kept_firings{}}};
  auto counting_here = counting;
  auto all_here = all;
  for (census::block const& block : blocks) counting_here.observe(block), all_here.observe(block);

  for (auto const& block : sent(device, blocks)) counting.observe(block);
  CHECK(device->blocks_brought == 0);
  CHECK(counting == counting_here);
  for (auto const& block : sent(device, blocks)) all.observe(block);
  CHECK(device->blocks_brought == static_cast<int>(blocks.size()));
  CHECK(all == all_here);
}
