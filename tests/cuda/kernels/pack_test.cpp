// SPDX-License-Identifier: MIT
#include <census/cuda/detail/pack_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"

#include <census/activation/activation_values.hpp>
#include <census/activation/packed_firings.hpp>

#include <support/catch.hpp>

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

using census::stored_float;

namespace {

float value_of(float stored) { return stored; }
float value_of(__half stored) { return __half2float(stored); }
float value_of(__nv_bfloat16 stored) { return __bfloat162float(stored); }

void store(float& into, float value) { into = value; }
void store(__half& into, float value) { into = __float2half_rn(value); }
void store(__nv_bfloat16& into, float value) { into = __float2bfloat16_rn(value); }

/// Values [row, neuron] as T stores them, in exactly as much device memory as they need: rows are `gap` numbers apart,
/// which hold NaN.
template <class T>
struct stored_values {
  stored_values(std::size_t row_count, std::size_t neuron_count, std::size_t gap, std::uint32_t seed)
      : rows(row_count), neurons(neuron_count), stride(neuron_count + gap) {
    constexpr float limit = std::numeric_limits<float>::infinity();
    constexpr float special[] = {0.f, -0.f, 1e-40f, -1e-40f, 6e-8f, -6e-8f, 0.5f, limit, -limit, 3e38f};
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    numbers.resize((rows - 1) * stride + neurons);
    for (T& number : numbers) store(number, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t n = 0; n < neurons; ++n)
        store(numbers[row * stride + n], random() % 3 == 0 ? special[random() % std::size(special)] : normal(random));
  }

  census::packed_firings packed_here(float threshold) const {
    std::vector<float> values;
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t n = 0; n < neurons; ++n) values.push_back(value_of(numbers[row * stride + n]));
    return census::pack({std::move(values), neurons}, census::fires_above{threshold});
  }

  std::size_t rows, neurons, stride;
  std::vector<T> numbers;
};

struct packed_there {
  std::vector<std::uint64_t> words;
  std::uint64_t first_nan;
};

template <class T>
packed_there pack_there(stored_values<T> const& values, stored_float stored_as, float threshold) {
  std::size_t const words = census::packed_firings::words_for(values.neurons);
  auto const data = census_test::placed(values.numbers);
  auto const firings = census_test::placed(std::vector<std::uint64_t>(values.rows * words, 0xdeadbeefdeadbeef));
  auto const nan = census_test::placed(std::vector<std::uint64_t>{census::cuda::detail::no_nan});
  census::cuda::detail::launch_pack({.data = data.data(),
                                     .stored_as = stored_as,
                                     .rows = values.rows,
                                     .neurons = values.neurons,
                                     .leading_dimension = values.stride},
                                    threshold, firings.data(), nan.data(), census_test::first_device()->stream());
  return {census_test::fetched(firings), census_test::fetched(nan)[0]};
}

template <class T>
bool packs_as_the_host(stored_float stored_as, std::size_t neurons, std::size_t gap, float threshold,
                       std::uint32_t seed) {
  stored_values<T> const values(3, neurons, gap, seed);
  packed_there const there = pack_there(values, stored_as, threshold);
  census::packed_firings const here = values.packed_here(threshold);
  bool same = there.first_nan == census::cuda::detail::no_nan;
  for (std::size_t row = 0; row < values.rows; ++row)
    same &= std::equal(here.row(row).begin(), here.row(row).end(), &there.words[row * here.words_per_row()]);
  return same;
}

template <class T>
void check_nan_is_named(stored_float stored_as, std::size_t neurons) {
  stored_values<T> values(4, neurons, 5, 1);
  auto const spoil = [&](std::size_t row, std::size_t neuron) {
    store(values.numbers[row * values.stride + neuron], std::numeric_limits<float>::quiet_NaN());
    return row * neurons + neuron;
  };
  for (auto const& [row, neuron] : {std::pair{3, neurons - 1},
                                    {2, neurons / 2},
                                    {2, neurons / 3},
                                    {1, neurons - 1},
                                    {1, std::max(neurons, std::size_t{33}) - 33}}) {
    std::uint64_t const expected = spoil(static_cast<std::size_t>(row), neuron);
    CHECK(pack_there(values, stored_as, 0).first_nan == expected);
  }
}

}  // namespace

TEST_CASE("a device packs as the host does: any number of neurons, type, gap between rows and threshold") {
  constexpr float thresholds[] = {0.f, 0.5f, -0.25f, 1e-40f, -std::numeric_limits<float>::infinity()};
  census_test::in_each_schedule([&] {
    std::uint32_t seed = 0;
    for (std::size_t const neurons : census_test::odd_sizes) {
      float const threshold = thresholds[++seed % std::size(thresholds)];
      CHECK(packs_as_the_host<float>(stored_float::float32, neurons, seed % 3, threshold, seed));
      CHECK(packs_as_the_host<__half>(stored_float::float16, neurons, seed % 4, threshold, seed));
      CHECK(packs_as_the_host<__nv_bfloat16>(stored_float::bfloat16, neurons, seed % 5, threshold, seed));
    }
  });
}

TEST_CASE(
    "the first NaN is named, of whatever type and wherever it lies, and what lies between rows is not looked at") {
  census_test::in_each_schedule([] {
    for (std::size_t const neurons : {3u, 70u, 2500u}) {
      check_nan_is_named<float>(stored_float::float32, neurons);
      check_nan_is_named<__half>(stored_float::float16, neurons);
      check_nan_is_named<__nv_bfloat16>(stored_float::bfloat16, neurons);
    }
  });
}
