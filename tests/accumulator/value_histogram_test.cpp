// SPDX-License-Identifier: MIT
#include <census/accumulator/laws.hpp>
#include <census/accumulator/value_histogram.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <limits>
#include <vector>

TEST_CASE("the histogram of each neuron's values is that of a recount") {
  auto const blocks = census_test::random_blocks({.layers = 2});
  std::vector<float> const edges{-0.5f, 0, 0.25f, 0.75f};
  census::value_histogram histogram(edges);
  for (auto const& block : blocks) histogram.observe(block);
  for (std::uint32_t layer = 0; layer < 2; ++layer)
    for (std::size_t n = 0; n < 70; ++n) {
      std::vector<std::uint64_t> counted(5);
      census_test::for_each_row(blocks, [&](auto const& block, std::uint32_t row, auto const&) {
        if (block.layer() != layer) return;
        std::size_t bin = 0;
        for (float const edge : edges) bin += block.values().row(row)[n] >= edge;
        ++counted[bin];
      });
      auto const of_neuron = histogram.of(layer, n);
      CHECK(std::vector(of_neuron.begin(), of_neuron.end()) == counted);
    }
}

TEST_CASE("values at an edge go up, infinite ones to the ends") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  census::value_histogram histogram({0, 1});
  histogram.observe(census::make_block(0, census::share({{5, 6, 7, 8}, {{.length = 4}}}),
                                       {std::vector<float>{-infinity, 0, 1, infinity}, 1}));
  auto const bins = histogram.of(0, 0);
  CHECK(std::vector(bins.begin(), bins.end()) == std::vector<std::uint64_t>{1, 1, 2});
}

TEST_CASE(
    "a value histogram keeps the accumulator laws, and refuses edges without order, other edges and twice the same") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  CHECK(census::broken_laws(census::value_histogram({0, 0.5f}), blocks) == std::vector<std::string>{});
  CHECK_THROWS_AS(census::value_histogram({}), std::invalid_argument);
  CHECK_THROWS_AS(census::value_histogram({1, 1}), std::invalid_argument);
  CHECK_THROWS_AS(census::value_histogram({std::numeric_limits<float>::quiet_NaN()}), std::invalid_argument);
  census::value_histogram one({0}), other({1});
  one.observe(blocks[0]);
  CHECK_THROWS_WITH(one.observe(blocks[0]), Catch::Contains("was observed before"));
  CHECK_THROWS_AS(one.merge(other), std::invalid_argument);
  CHECK_THROWS_AS(one.of(0, 70), std::out_of_range);
}
