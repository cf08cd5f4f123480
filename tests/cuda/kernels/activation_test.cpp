// SPDX-License-Identifier: MIT
#include <census/cuda/detail/factors.hpp>
#include <census/cuda/detail/forward_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"

#include <census/activation/packed_firings.hpp>
#include <census/model/activation_function.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace kernels = census::cuda::kernels;

namespace {

constexpr std::uint64_t none_is_nan = ~std::uint64_t{0};

struct activated {
  std::vector<std::uint64_t> firings;
  std::vector<float> values, factors;
  std::uint64_t first_nan;
};

/// A product [row, padded(neurons)] with a bias, whose padding is 0.
struct product_to_activate {
  std::size_t rows, neurons, width;
  std::vector<float> product, bias;

  product_to_activate(std::size_t row_count, std::size_t neuron_count, std::uint32_t seed)
      : rows(row_count), neurons(neuron_count), width(census::padded(neuron_count)), product(rows * width),
        bias(width) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr float special[] = {0.f, -0.f, 1e-40f, -1e-40f, 90.f, -90.f, infinity};
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    for (std::size_t n = 0; n < neurons; ++n) bias[n] = random() % 2 == 0 ? 0.f : normal(random);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t n = 0; n < neurons; ++n)
        product[row * width + n] = random() % 5 == 0 ? special[random() % std::size(special)] : 2 * normal(random);
  }

  activated on_device(census::activation_function f, float threshold, bool before, std::size_t first_row = 0) const {
    std::size_t const words = census::packed_firings::words_for(neurons);
    auto const there = census_test::placed(product), constant = census_test::placed(bias);
    auto const firings = census_test::placed(std::vector<std::uint64_t>(rows * words, 0xdeadbeefdeadbeef));
    auto const values = census_test::placed(std::vector<float>(product.size(), -7.f));
    auto const factors = census_test::placed(std::vector<float>(product.size(), -7.f));
    auto const nan = census_test::placed(std::vector<std::uint64_t>{none_is_nan});
    census::cuda::detail::launch_on_rows(
        rows, width, census_test::first_device()->stream(), kernels::activate_and_pack, there.data(), constant.data(),
        static_cast<kernels::activation>(f), threshold, static_cast<unsigned>(neurons), static_cast<unsigned>(width),
        static_cast<unsigned>(2 * words), first_row,
        {reinterpret_cast<std::uint32_t*>(firings.data()), values.data(), before, kernels::factor_type::float32,
         factors.data(), reinterpret_cast<unsigned long long*>(nan.data())});
    return {census_test::fetched(firings), census_test::fetched(values), census_test::fetched(factors),
            census_test::fetched(nan)[0]};
  }
};

}  // namespace

TEST_CASE("bias, activation and packing in one kernel: firings are those of its values, which are the host's") {
  using enum census::activation_function;
  for (std::size_t const neurons : census_test::odd_sizes) {
    CAPTURE(neurons);
    auto const f = std::array{relu, gelu, gelu_tanh, silu}[neurons % 4];
    product_to_activate const given(2, neurons, static_cast<std::uint32_t>(neurons));
    census_test::in_each_schedule(
        [&] {
          auto const there = given.on_device(f, 0, false);
          CHECK(there.first_nan == none_is_nan);
          CHECK(there.factors == there.values);
          std::size_t far = 0, wrong = 0;
          for (std::size_t row = 0; row < given.rows; ++row)
            for (std::size_t n = 0; n < given.width; ++n) {
              std::size_t const at = row * given.width + n;
              float const x = n < neurons ? given.product[at] + given.bias[n] : 0.f, value = there.values[at];
              auto const exact = [&](double v) {
                if (f == relu) return v > 0 ? v : 0;
                if (f == gelu) return v / 2 * std::erfc(-v / std::sqrt(2.0));
                if (f == silu) return v / (1 + std::exp(-v));
                return v / (1 + std::exp(-2 * std::sqrt(2 / 3.14159265358979) * (v + 0.044715 * v * v * v)));
              };
              far += !(x == value || std::abs(value - exact(x)) <= 5e-6 * std::max(std::abs(exact(x)), 1e-6));
              if (n < neurons)
                wrong += (there.firings[row * census::packed_firings::words_for(neurons) + n / 64] >> n % 64 & 1) !=
                         (value > 0 ? 1u : 0u);
            }
          CHECK(far == 0);
          CHECK(wrong == 0);
          if (neurons % 64 != 0) CHECK(there.firings.back() >> neurons % 64 == 0);
        },
        1);
  }
}

TEST_CASE("each activation function gives what the host's does, but for the last bits") {
  using enum census::activation_function;
  for (auto const f : {relu, gelu, gelu_tanh, silu}) {
    product_to_activate const given(1, 600, 5);
    auto const there = given.on_device(f, 0, false);
    census::padded_matrix here(1, 600), bias(1, 600);
    std::ranges::copy(std::span(given.product).first(600), here.data());
    std::ranges::copy(std::span(given.bias).first(600), bias.data());
    REQUIRE(census::add_bias_and_activate(f, here.row(0), std::as_const(bias).row(0)));
    for (std::size_t n = 0; n < 600; ++n) {
      float const expected = here.row(0)[n];
      CHECK(
          (there.values[n] == expected || std::abs(there.values[n] - expected) <= 1e-5f * std::abs(expected) + 1e-12f));
    }
  }
}

TEST_CASE("neurons fire above any threshold, and values may be those before the function") {
  product_to_activate const given(3, 70, 9);
  for (float const threshold : {-1.f, 0.5f}) {
    auto const there = given.on_device(census::activation_function::relu, threshold, true);
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t n = 0; n < 70; ++n) {
        float const x = given.product[row * given.width + n] + given.bias[n];
        CHECK(there.values[row * given.width + n] == x);
        CHECK(there.factors[row * given.width + n] == std::max(x, 0.f));
        CHECK((there.firings[2 * row + n / 64] >> n % 64 & 1) == (std::max(x, 0.f) > threshold ? 1u : 0u));
      }
      CHECK(there.firings[2 * row + 1] >> 6 == 0);  // padding does not fire, whatever the threshold
    }
  }
}

TEST_CASE("the first activation that is NaN is told, by its row of the text and its neuron") {
  product_to_activate given(4, 100, 3);
  for (auto const& [row, neuron] : {std::pair{3, 99}, {2, 64}, {2, 31}, {0, 0}}) {
    given.product[static_cast<std::size_t>(row) * given.width + static_cast<std::size_t>(neuron)] =
        std::numeric_limits<float>::quiet_NaN();
    census_test::in_each_schedule(
        [&] {
          auto const there = given.on_device(census::activation_function::relu, 0, false, 48);
          CHECK(there.first_nan == static_cast<std::uint64_t>((48 + row) * 100 + neuron));
        },
        1);
  }
}
