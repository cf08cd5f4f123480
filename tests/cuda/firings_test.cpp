// SPDX-License-Identifier: MIT
#include <census/cuda/firings.hpp>
#include <census/cuda/pack.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cuda/support/callers.hpp>
#include <cuda/support/device.hpp>
#include <cuda/support/misnaming_errors.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
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

TEST_CASE("bits come to the host when the work that makes them has run, though nobody has waited for it") {
  using namespace census::cuda::detail;
  auto const on = device::open(0);
  device_array<std::uint64_t> words(on, 6);
  check(cudaMemsetAsync(words.data(), 0x5a, 6 * sizeof(std::uint64_t), on->stream()), "cudaMemsetAsync");
  census::cuda::firings const made(std::move(words), 3, 128);
  auto const here = made.on_host();
  for (std::size_t row = 0; row < 3; ++row)
    for (std::uint64_t const word : here.row(row)) CHECK(word == 0x5a5a5a5a5a5a5a5a);
}

#if defined(CENSUS_FAKE_CUDA)

TEST_CASE("what fails while firings come home names their device, whichever one is the current one of the caller") {
  census_test::several_devices const two(2);
  auto const there = census_test::sent(census::pack({std::vector<float>(7 * 65, 1.f), 65}), 1);
  std::size_t failures = 0;
  auto const misnaming = census_test::misnaming_errors(1, failures, [&] { there.on_host(); });
  CHECK(misnaming == std::vector<std::string>{});
  CHECK(failures > 3);
}

#endif
