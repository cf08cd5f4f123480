// SPDX-License-Identifier: MIT
#include <census/activation/packed_firings.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <random>
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

TEST_CASE("rows with padding are read by their leading dimension") {
  std::shared_ptr<float const[]> data(new float[8]{1, -1, 99, 99, -1, 1, 99, 99});
  auto const packed = census::pack(census::activation_values{data, 2, 2, 4});
  CHECK(packed.row(0)[0] == 1);
  CHECK(packed.row(1)[0] == 2);
}

TEST_CASE("the firing predicate is a parameter") {
  auto const by_size = [](float value) { return std::abs(value) > 1; };
  auto const packed = census::pack({std::vector<float>{-2.f, 0.5f, 2.f}, 3}, by_size);
  CHECK(packed.row(0)[0] == 5);
}
