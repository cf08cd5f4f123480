// SPDX-License-Identifier: MIT
#include <census/activation/packed_firings.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

TEST_CASE("packing keeps exactly the neurons whose value is above the threshold") {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  for (std::size_t const neurons : {1, 63, 64, 65, 70, 200}) {
    std::size_t const rows = 9;
    std::vector<float> values(rows * neurons);
    for (float& v : values) v = normal(random);
    values[0] = 0.f;  // zero does not fire
    values.back() = -0.f;
    census::activation_values const handle{values, neurons};
    for (float const threshold : {0.f, 0.5f}) {
      auto const packed = census::pack(handle, census::fires_above{threshold});
      REQUIRE(packed.rows() == rows);
      REQUIRE(packed.neurons() == neurons);
      bool equal = true;
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t n = 0; n < neurons; ++n) equal &= packed.fires(i, n) == (values[i * neurons + n] > threshold);
      CHECK(equal);
    }
  }
}

TEST_CASE("bits past the last neuron are zero") {
  auto const packed = census::pack({std::vector<float>(2 * 70, 1.f), 70});
  CHECK(packed.row(0)[1] == (std::uint64_t{1} << 6) - 1);
  CHECK(packed.row(1)[0] == ~std::uint64_t{0});
}

TEST_CASE("words of one's own that have a bit past the last neuron are refused by their row") {
  auto const packed = [](std::vector<std::uint64_t> const& words, std::size_t rows, std::size_t neurons) {
    std::shared_ptr<std::uint64_t[]> own(new std::uint64_t[words.size()]);
    std::ranges::copy(words, own.get());
    return census::packed_firings(std::move(own), rows, neurons);
  };
  std::uint64_t const all = ~std::uint64_t{0};
  CHECK(packed({3, 1, 0}, 3, 2).fires(0, 1));
  CHECK(packed({all, 63, all, 63}, 2, 70).fires(1, 69));
  CHECK_NOTHROW(packed({all, all}, 2, 64));
  CHECK_NOTHROW(packed({}, 2, 0));
  CHECK_THROWS_AS(packed({3, 1, 4}, 3, 2), std::invalid_argument);
  CHECK_THROWS_WITH(packed({3, 1, 4}, 3, 2), "census::packed_firings: row 2 has a bit past the last of 2 neurons");
  CHECK_THROWS_WITH(packed({all, 63, 0, 64}, 2, 70),
                    "census::packed_firings: row 1 has a bit past the last of 70 neurons");
}

TEST_CASE("the firing predicate is a parameter") {
  auto const by_size = [](float value) { return std::abs(value) > 1; };
  auto const packed = census::pack({std::vector<float>{-2.f, 0.5f, 2.f}, 3}, by_size);
  CHECK(packed.row(0)[0] == 5);
}

TEST_CASE("a threshold and a predicate that says the same pack the same bits, whatever the density and the last word") {
  std::mt19937 random(11);
  for (std::size_t const neurons : {1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 191, 320, 333})
    for (double const density : {0., 0.01, 0.05, 0.5, 1.}) {
      std::bernoulli_distribution fires(density);
      std::vector<float> values(neurons + 3);
      for (float& v : values) v = fires(random) ? 0.75f : 0.5f;
      for (std::size_t const from : {0, 1, 3}) {  // rows need not be aligned
        std::span<float const> const row(values.data() + from, neurons);
        std::vector<std::uint64_t> above(census::packed_firings::words_for(neurons), ~std::uint64_t{0}), same = above;
        REQUIRE(census::pack_row(row, above.data(), census::fires_above{0.5f}));
        REQUIRE(census::pack_row(row, same.data(), [](float value) { return value > 0.5f; }));
        CHECK(above == same);
        bool right = true;
        for (std::size_t n = 0; n < above.size() * 64; ++n)
          right &= (above[n / 64] >> n % 64 & 1) == (n < neurons && row[n] == 0.75f);
        CHECK(right);
      }
    }
}

TEST_CASE("zeros, infinities and the smallest floats are compared as floats are") {
  float const least = std::numeric_limits<float>::denorm_min(), infinite = std::numeric_limits<float>::infinity();
  std::vector<float> const few{0.f, -0.f, least, -least, infinite, -infinite, 1.f, -1.f};
  std::vector<float> values;
  while (values.size() < 64 + few.size()) values.insert(values.end(), few.begin(), few.end());
  std::vector<std::uint64_t> words(2);
  REQUIRE(census::pack_row(values, words.data()));
  CHECK(words[0] == 0x5454'5454'5454'5454u);
  CHECK(words[1] == 0x54u);
  REQUIRE(census::pack_row(values, words.data(), census::fires_above{infinite}));
  CHECK((words[0] | words[1]) == 0);
}

TEST_CASE("NaN is found wherever it lies, and named, and the predicate is never asked about it") {
  auto const of_any = [](float value) {
    if (value != value) throw std::logic_error("asked about NaN");
    return value > 0;
  };
  for (std::size_t const neurons : {1, 64, 133})
    for (std::size_t at = 0; at < neurons; ++at)
      for (float const sign : {1.f, -1.f}) {
        std::vector<float> values(neurons, 1.f);
        std::vector<std::uint64_t> words(3);
        CHECK(census::pack_row(values, words.data()));
        values[at] = std::copysign(std::numeric_limits<float>::quiet_NaN(), sign);
        CHECK_FALSE(census::pack_row(values, words.data()));
        CHECK_FALSE(census::pack_row(values, words.data(), of_any));
      }
  std::vector<float> values(3 * 70, 1.f);
  values[2 * 70 + 66] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(census::pack({values, 70}), Catch::Contains("row 2, neuron 66"));
  CHECK_THROWS_WITH(census::pack({values, 70}, of_any), Catch::Contains("row 2, neuron 66"));
}
