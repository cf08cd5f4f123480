// SPDX-License-Identifier: MIT
#include <census/simd_floats.hpp>

#include <support/catch.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace {

/// Words of which few, half and nearly all bits are set, beside none, all and single ones.
std::vector<std::uint64_t> words_of_all_kinds(std::mt19937_64& random) {
  std::vector<std::uint64_t> words{0, ~std::uint64_t{0}, 1, std::uint64_t{1} << 63, std::uint64_t{0xffff} << 16};
  for (int turn = 0; turn < 40; ++turn) {
    std::uint64_t const a = random(), b = random(), c = random();
    words.insert(words.end(), {a, a & b, a & b & c, a | b | c});
  }
  return words;
}

}  // namespace

TEST_CASE("64 floats are compared with a threshold, and NaN among them is noticed wherever it lies") {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (float const threshold : {0.f, -0.5f, std::numeric_limits<float>::infinity()}) {
    census::simd::float_comparison comparison(threshold);
    std::vector<float> values(64);
    for (float& value : values) value = normal(random);
    values[17] = threshold;
    std::uint64_t expected = 0;
    for (std::size_t n = 0; n < 64; ++n) expected |= std::uint64_t{values[n] > threshold} << n;
    CHECK(comparison.above(values.data()) == expected);
    CHECK_FALSE(comparison.met_nan());
    for (std::size_t n = 0; n < 64; ++n) {
      census::simd::float_comparison other(threshold);
      auto with_nan = values;
      with_nan[n] = std::numeric_limits<float>::quiet_NaN();
      other.above(with_nan.data());
      CHECK(other.met_nan());
      other.above(values.data());
      CHECK(other.met_nan());  // and not forgotten
    }
  }
}

TEST_CASE("values whose bits are set are gathered in order, and nothing else is touched") {
  std::mt19937_64 random(9);
  for (std::uint64_t const word : words_of_all_kinds(random)) {
    std::size_t const used = 64 - static_cast<std::size_t>(std::countl_zero(word));
    std::vector<float> values(used);  // the sanitizer sees it where more are read
    std::vector<float> expected;
    for (std::size_t n = 0; n < used; ++n) {
      values[n] = static_cast<float>(random() % 1000);
      if (word >> n & 1) expected.push_back(values[n]);
    }
    std::vector<float> gathered(expected.size() + 1, -1);
    CHECK(census::simd::compress(word, values.data(), gathered.data()) == gathered.data() + expected.size());
    CHECK(gathered.back() == -1);
    gathered.pop_back();
    CHECK(gathered == expected);
  }
}

TEST_CASE("the largest value of each bit and where it was are those of a plain loop, the first of equals") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::mt19937_64 random(11);
  std::array<float, 64> maxima, expected;
  std::array<std::uint32_t, 64> rows{}, expected_rows{};
  maxima.fill(-infinity), expected.fill(-infinity);
  std::uint32_t row = 0;
  for (std::uint64_t const word : words_of_all_kinds(random)) {
    ++row;
    std::vector<float> values;
    for (std::size_t n = 0; n < 64; ++n) {
      if ((word >> n & 1) == 0) continue;
      std::uint64_t const drawn = random() % 100;
      values.push_back(drawn == 0   ? std::numeric_limits<float>::quiet_NaN()
                       : drawn == 1 ? -infinity
                                    : static_cast<float>(drawn));
      if (!(values.back() > expected[n])) continue;
      expected[n] = values.back(), expected_rows[n] = row;
    }
    auto const* end = census::simd::take_larger(word, values.data(), row, maxima.data(), rows.data());
    CHECK(end == values.data() + values.size());
  }
  CHECK(maxima == expected);
  CHECK(rows == expected_rows);
}
