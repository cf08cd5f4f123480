// SPDX-License-Identifier: MIT
#include <census/cuda/firings.hpp>
#include <census/cuda/pack.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cuda/support/callers.hpp>
#include <support/catch.hpp>

#include <random>
#include <vector>

static_assert(census::shaped_firings<census::cuda::firings>);
static_assert(!std::convertible_to<census::cuda::firings, census::packed_firings>);

TEST_CASE("firings on a device come to the host as they went there, padding included") {
  std::mt19937 random(1);
  for (std::size_t const neurons : {1, 63, 64, 65, 200}) {
    std::vector<float> values(7 * neurons);
    for (float& value : values) value = random() % 2 == 0 ? 1.f : -1.f;
    auto const here = census::pack({values, neurons});
    auto const there = census_test::sent(here);
    CHECK(there.rows() == 7);
    CHECK(there.neurons() == neurons);
    CHECK(there.device() == 0);
    CHECK(census_test::same_bits(there.on_host(), here));
    auto const copy = there;
    CHECK(copy.bits() == there.bits());
  }
}

TEST_CASE("firings without a row or a neuron are firings") {
  census::cuda::firings const no_rows = census::cuda::pack({.data = nullptr, .rows = 0, .neurons = 5}, nullptr);
  CHECK(no_rows.on_host().rows() == 0);
  CHECK(no_rows.on_host().neurons() == 5);
  census::cuda::firings const no_neurons = census::cuda::pack({.data = nullptr, .rows = 5, .neurons = 0}, nullptr);
  CHECK(no_neurons.on_host().rows() == 5);
}
