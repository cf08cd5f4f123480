// SPDX-License-Identifier: MIT
#include <census/accumulator/per_neuron.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <boost/accumulators/statistics/extended_p_square.hpp>
#include <boost/accumulators/statistics/max.hpp>
#include <boost/accumulators/statistics/mean.hpp>
#include <boost/accumulators/statistics/min.hpp>
#include <boost/accumulators/statistics/p_square_quantile.hpp>
#include <boost/accumulators/statistics/skewness.hpp>
#include <boost/accumulators/statistics/variance.hpp>

#include <algorithm>
#include <cmath>

namespace accumulators = boost::accumulators;

TEST_CASE("mean, variance, skewness and extrema of every neuron equal those of its raw values") {
  auto const blocks = census_test::random_blocks({.layers = 2});
  census::per_neuron<
      accumulators::features<accumulators::tag::mean, accumulators::tag::variance, accumulators::tag::skewness,
                             accumulators::tag::min, accumulators::tag::max>>
      moments;
  for (auto const& block : blocks) moments.observe(block);
  for (std::uint32_t const layer : {0u, 1u}) {
    auto const mean = moments.result<accumulators::tag::mean>(layer),
               variance = moments.result<accumulators::tag::variance>(layer),
               skewness = moments.result<accumulators::tag::skewness>(layer),
               least = moments.result<accumulators::tag::min>(layer),
               most = moments.result<accumulators::tag::max>(layer);
    for (std::size_t neuron = 0; neuron < 70; ++neuron) {
      std::vector<double> raw;
      census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, auto const&) {
        if (block.layer() == layer) raw.push_back(block.values().row(row)[neuron]);
      });
      double const count = static_cast<double>(raw.size());
      double sum = 0, squares = 0, cubes = 0;
      for (double const v : raw) sum += v;
      for (double const v : raw) squares += std::pow(v - sum / count, 2), cubes += std::pow(v - sum / count, 3);
      CHECK(mean[neuron] == Approx(sum / count).margin(1e-12));
      CHECK(variance[neuron] == Approx(squares / count).margin(1e-12));
      CHECK(skewness[neuron] == Approx(cubes / count / std::pow(squares / count, 1.5)).margin(1e-6));
      CHECK(least[neuron] == *std::ranges::min_element(raw));
      CHECK(most[neuron] == *std::ranges::max_element(raw));
    }
  }
}

TEST_CASE("features that need arguments take them from the set every neuron starts from") {
  using quantile = census::per_neuron<accumulators::features<accumulators::tag::p_square_quantile>>;
  quantile upper(quantile::accumulator_set(accumulators::quantile_probability = 0.9));
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i) values.push_back(static_cast<float>((i * 617) % 1000));
  census::text_rows rows{std::vector<census::token_id>(1000, 5), {{.length = 1000}}};
  upper.observe(census::make_block(0, census::share(rows), {values, 1}));
  CHECK(upper.result<accumulators::tag::p_square_quantile>(0)[0] == Approx(900).margin(5));
}

TEST_CASE("blocks that carry firings only are refused") {
  auto const block = census_test::random_blocks()[0];
  census::per_neuron<accumulators::features<accumulators::tag::mean>> means;
  CHECK_THROWS_WITH(means.observe(census::block(0, block.text(), block.firings())), Catch::Contains("keep them"));
  CHECK_THROWS_WITH(means.at(7), "census::per_neuron: layer 7 was not observed; none was");
}

TEST_CASE("values of the same sequence are not taken twice into moments") {
  auto const blocks = census_test::random_blocks({.texts = 2, .layers = 1});
  census::per_neuron<boost::accumulators::features<boost::accumulators::tag::mean>> means;
  for (auto const& block : blocks) means.observe(block);
  CHECK_THROWS_WITH(means.observe(blocks[1]), Catch::Contains("was observed before"));
}
