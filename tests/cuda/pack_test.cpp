// SPDX-License-Identifier: MIT
#include <census/cuda/pack.hpp>

#include <cuda/support/callers.hpp>
#include <cuda/support/device.hpp>
#include <support/catch.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

using census::stored_float;
using limits = std::numeric_limits<float>;

/// Noise, and among it all kinds of numbers.
std::vector<float> all_sorts(std::size_t count, std::uint32_t seed) {
  constexpr float kinds[] = {0.f,
                             -0.f,
                             limits::denorm_min(),
                             -limits::denorm_min(),
                             limits::min(),
                             limits::max(),
                             limits::lowest(),
                             limits::infinity(),
                             -limits::infinity(),
                             0.5f};
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(-0.2f, 1);
  std::vector<float> values(count);
  for (float& value : values) value = random() % 4 == 0 ? kinds[random() % std::size(kinds)] : normal(random);
  return values;
}

/// A number of IEEE's half precision, by its definition.
float from_float16(std::uint16_t bits) {
  float const sign = (bits & 0x8000) != 0 ? -1.f : 1.f;
  int const exponent = bits >> 10 & 31;
  auto const fraction = static_cast<float>(bits & 1023) / 1024;
  if (exponent == 31) return fraction == 0 ? sign * limits::infinity() : limits::quiet_NaN();
  return exponent == 0 ? sign * std::ldexp(fraction, -14) : sign * std::ldexp(1 + fraction, exponent - 15);
}
float from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

census::packed_firings pack_here(std::vector<float> values, std::size_t neurons, float threshold) {
  return census::pack({std::move(values), neurons}, census::fires_above{threshold});
}

}  // namespace

TEST_CASE("values packed on a device have the host's bits, whatever their shape, distance, sort and threshold") {
  for (std::size_t const neurons : {1, 63, 64, 65, 130})
    for (std::size_t const padding : {0, 3}) {
      std::size_t const stride = neurons + padding, rows = 9;
      auto padded = all_sorts(rows * stride, static_cast<std::uint32_t>(stride));
      std::vector<float> dense;
      for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t n = 0; n < neurons; ++n) dense.push_back(padded[row * stride + n]);
        for (std::size_t n = neurons; n < stride; ++n) padded[row * stride + n] = limits::quiet_NaN();  // not read
      }
      auto const there = census_test::on_device(padded);
      for (float const threshold : {0.f, -0.f, 0.5f, -1.f, limits::denorm_min(), limits::infinity(),
                                    -limits::infinity(), limits::quiet_NaN()}) {
        CAPTURE(neurons, padding, threshold);
        auto const packed = census::cuda::pack(
            {.data = there.get(), .rows = rows, .neurons = neurons, .leading_dimension = padding == 0 ? 0 : stride},
            nullptr, {threshold});
        CHECK(census_test::same_bits(packed.on_host(), pack_here(dense, neurons, threshold)));
      }
    }
}

TEST_CASE("every number of half precision and of bfloat16 fires as it does in single precision") {
  for (auto const& [stored_as, value_of] :
       {std::pair{stored_float::float16, &from_float16}, {stored_float::bfloat16, &from_bfloat16}}) {
    std::vector<std::uint16_t> halves;
    std::vector<float> floats;
    for (std::uint32_t bits = 0; bits < 65536; ++bits)
      if (float const value = value_of(static_cast<std::uint16_t>(bits)); value == value) {
        halves.push_back(static_cast<std::uint16_t>(bits));
        floats.push_back(value);
      }
    auto const there = census_test::on_device(halves);
    std::size_t const count = halves.size();  // as one row
    auto const packed = census::cuda::pack({.data = there.get(), .stored_as = stored_as, .rows = 1, .neurons = count},
                                           nullptr, {0.25f});
    CHECK(census_test::same_bits(packed.on_host(), pack_here(floats, count, 0.25f)));
  }
}

TEST_CASE("the first NaN is named by row and neuron, and by the layer where there is one") {
  std::vector<float> values(6 * 70, 1.f);
  values[3 * 70 + 69] = -limits::quiet_NaN();
  values[4 * 70 + 2] = limits::signaling_NaN();
  values[5 * 70] = limits::quiet_NaN();
  auto const there = census_test::on_device(values);
  census::cuda::device_values const all{.data = there.get(), .rows = 6, .neurons = 70};
  CHECK_THROWS_AS(census::cuda::pack(all, nullptr), census::bad_input);
  CHECK_THROWS_WITH(census::cuda::pack(all, nullptr), "row 3, neuron 69: the activation is NaN");
  CHECK_THROWS_WITH(census::cuda::pack({.data = there.get() + 4 * 70, .rows = 2, .neurons = 70}, nullptr),
                    "row 0, neuron 2: the activation is NaN");
  CHECK_NOTHROW(census::cuda::pack({.data = there.get(), .rows = 3, .neurons = 70}, nullptr));
  auto const text = census::share({{1, 2, 3, 4, 5, 6}, {{.length = 6}}});
  CHECK_THROWS_WITH(census::cuda::make_block(7, text, all, nullptr),
                    "layer 7: row 3, neuron 69: the activation is NaN");

  for (auto const stored_as : {stored_float::float16, stored_float::bfloat16}) {
    std::vector<std::uint16_t> halves(6 * 70, 0x3c00);
    halves[2 * 70 + 64] = 0xffff;
    auto const half = census_test::on_device(halves);
    CHECK_THROWS_WITH(
        census::cuda::pack({.data = half.get(), .stored_as = stored_as, .rows = 6, .neurons = 70}, nullptr),
        "row 2, neuron 64: the activation is NaN");
  }
}

TEST_CASE("more rows than a launch takes are refused, for of 2^32 of them and more a launch would pack the rest") {
  auto const there = census_test::on_device(std::vector<float>(3 * 70, 1.f));
  constexpr std::size_t most = std::size_t{1} << 31;
#if defined(CENSUS_FAKE_CUDA)
  fake::set_memory(std::size_t{1} << 20);
#endif
  for (std::size_t const rows : {most, 2 * most, 2 * most + 3})
    CHECK_THROWS_AS(census::cuda::pack({.data = there.get(), .rows = rows, .neurons = 70}, nullptr), std::length_error);
#if defined(CENSUS_FAKE_CUDA)
  fake::set_memory(std::size_t{1} << 40);
#endif
}

TEST_CASE("values are packed behind the work of the caller's stream that makes them, and may go when they are packed") {
  census_test::in_each_schedule([] {
    std::vector<float> const values = all_sorts(5 * 70, 3), others(5 * 70, 1.f);
    auto const there = census_test::on_device(others);
    census::cuda::detail::stream callers;
    census::cuda::detail::check(cudaMemcpyAsync(there.get(), values.data(), values.size() * sizeof(float),
                                                cudaMemcpyHostToDevice, callers.get()),
                                "cudaMemcpyAsync");
    auto const packed = census::cuda::pack({.data = there.get(), .rows = 5, .neurons = 70}, callers.get());
    census::cuda::detail::check(
        cudaMemcpy(there.get(), others.data(), others.size() * sizeof(float), cudaMemcpyHostToDevice), "cudaMemcpy");
    CHECK(census_test::same_bits(packed.on_host(), pack_here(values, 70, 0)));
  });
}
