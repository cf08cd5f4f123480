// SPDX-License-Identifier: MIT
#include <census/accumulator/concepts.hpp>
#include <census/accumulator/laws.hpp>
#include <census/accumulator/near_zero.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <cmath>
#include <limits>

namespace {

std::vector<std::vector<double>> bounds(std::size_t layers, std::size_t neurons) {
  std::vector<std::vector<double>> all(layers);
  for (std::size_t l = 0; l < layers; ++l)
    for (std::size_t n = 0; n < neurons; ++n) all[l].push_back(0.02 * static_cast<double>((n + l) % 7));
  return all;
}

census::block one_neuron(std::vector<float> values) {
  census::text_rows text{std::vector<census::token_id>(values.size(), 5),
                         {{.document = 0, .length = static_cast<std::uint32_t>(values.size())}}};
  return census::make_block(0, census::share(text), {std::move(values), std::size_t{1}});
}

}  // namespace

TEST_CASE("both sides of zero count as near up to the bound itself") {
  census::near_zero near(std::vector<std::vector<double>>{{0.25}});
  float const above = std::nextafter(0.25f, 1.f);
  near.observe(one_neuron({0.f, -0.f, 0.25f, -0.25f, above, -above, 1e-40f, -1e-40f, 3.f, -3.f}));
  CHECK(near.at(0)[0] == census::near_zero_counts{4, 2, 4});
}

TEST_CASE("a bound is rounded up to float32, never down") {
  double const just_above = 0.25 + 1e-12;
  census::near_zero near(std::vector<std::vector<double>>{{just_above}});
  near.observe(one_neuron({std::nextafter(0.25f, 1.f)}));
  CHECK(near.at(0)[0].near_firings == 1);
}

TEST_CASE("a neuron whose every firing is near zero could be dead, a dead one that came near could be alive") {
  using counts = census::near_zero_counts;
  CHECK(counts{3, 3, 0}.could_be_dead());
  CHECK(!counts{3, 2, 9}.could_be_dead());
  CHECK(!counts{0, 0, 0}.could_be_dead());
  CHECK(counts{0, 0, 1}.could_be_alive());
  CHECK(!counts{0, 0, 0}.could_be_alive());
  CHECK(!counts{1, 1, 5}.could_be_alive());
}

TEST_CASE("pre-activations near zero are counted as a recount has them, and the laws hold") {
  STATIC_REQUIRE(census::accumulator<census::near_zero, census::block>);
  auto const blocks = census_test::random_blocks({.neurons = 300});
  auto const limits = bounds(3, 300);
  census::near_zero near(limits);
  for (auto const& block : blocks) near.observe(block);
  std::uint64_t both = 0;
  for (std::uint32_t layer = 0; layer < 3; ++layer)
    for (std::size_t n = 0; n < 300; ++n) {
      census::near_zero_counts recount;
      census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const&) {
        if (block.layer() != layer) return;
        float const x = block.values().row(row)[n];
        recount.firings += block.firings().fires(row, n);
        if (std::abs(double{x}) <= limits[layer][n]) ++(x > 0 ? recount.near_firings : recount.near_silences);
      });
      CHECK(near.at(layer)[n] == recount);
      both += recount.near_firings > 0 && recount.near_silences > 0;
    }
  CHECK(both > 100);
  CHECK(census::broken_laws(census::near_zero(limits), blocks) == std::vector<std::string>{});
}

TEST_CASE("what near_zero cannot count, it refuses") {
  using limits = std::vector<std::vector<double>>;
  auto const block = census_test::random_blocks({.neurons = 70}).front();
  census::near_zero near(bounds(1, 70)), few(bounds(1, 69)), none(limits{}), other(bounds(2, 70));
  CHECK_THROWS_AS(near.observe(census::block(0, block.text(), block.firings())), std::invalid_argument);
  CHECK_THROWS_AS(few.observe(block), std::invalid_argument);
  CHECK_THROWS_AS(none.observe(block), std::invalid_argument);
  CHECK_THROWS_AS(near.merge(other), std::invalid_argument);
  near.observe(block);
  auto copy = near;
  CHECK_THROWS_AS(copy.merge(near), std::invalid_argument);
  CHECK(copy == near);
  CHECK_THROWS_AS(census::near_zero(limits{{-1.0}}), std::invalid_argument);
  CHECK_THROWS_AS(census::near_zero(limits{{std::numeric_limits<double>::quiet_NaN()}}), std::invalid_argument);
}
