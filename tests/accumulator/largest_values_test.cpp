// SPDX-License-Identifier: MIT
#include <census/accumulator/concepts.hpp>
#include <census/accumulator/largest_values.hpp>
#include <census/accumulator/laws.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <map>
#include <utility>

TEST_CASE("the largest value of each neuron is told with the first place where it stood") {
  auto const blocks = census_test::random_blocks();
  census::largest_values largest;
  for (auto const& block : blocks) largest.observe(block);

  std::map<std::pair<std::uint32_t, std::size_t>, census::largest_value> recount;
  census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& s) {
    for (std::size_t n = 0; n < block.firings().neurons(); ++n) {
      census::largest_value& mine = recount[{block.layer(), n}];
      if (float const value = block.values().row(row)[n]; value > mine.value)
        mine = {value, {s.document, s.piece, row - s.first_row}};
    }
  });
  for (auto const& [where, expected] : recount) CHECK(largest.at(where.first)[where.second] == expected);
}

TEST_CASE("largest values keep the laws, equal values included") {
  STATIC_REQUIRE(census::accumulator<census::largest_values, census::block>);
  auto blocks = census_test::random_blocks();
  CHECK(census::broken_laws(census::largest_values{}, blocks) == std::vector<std::string>{});
  for (auto& block : blocks)  // all values alike: the places decide
    block = census::make_block(block.layer(), block.text(),
                               {std::vector<float>(block.firings().rows() * 70, -1.f), std::size_t{70}});
  CHECK(census::broken_laws(census::largest_values{}, blocks) == std::vector<std::string>{});
}

TEST_CASE("largest values refuse blocks without values, and layers that change their number of neurons") {
  auto const block = census_test::random_blocks({.neurons = 70}).front();
  auto const other = census_test::random_blocks({.neurons = 71}).front();
  census::largest_values largest, of_other;
  CHECK_THROWS_AS(largest.observe(census::block(0, block.text(), block.firings())), std::invalid_argument);
  largest.observe(block), of_other.observe(other);
  CHECK_THROWS_WITH(largest.observe(other), "census::largest_values: layer 0 has 71 neurons, and had 70 before");
  CHECK_THROWS_AS(largest.merge(of_other), std::invalid_argument);
}
