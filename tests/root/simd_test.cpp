// SPDX-License-Identifier: MIT
#include <census/simd.hpp>

#include <support/catch.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

using words = std::array<std::uint64_t, 8>;

words random_words(std::mt19937_64& random) {
  words drawn;
  for (std::uint64_t& word : drawn) word = random();
  return drawn;
}

template <std::size_t Slices, class Cell>
void check_bit_slices(std::mt19937_64& random) {
  std::array<words, 8> slices;
  for (words& slice : slices) slice = random_words(random);
  for (std::size_t const count : {1, 3, 8}) {
    std::vector<Cell> cells(count * 64 + 1, Cell{0});
    for (std::size_t n = 0; n < count * 64; ++n) cells[n] = static_cast<Cell>(random() % 7);
    auto expected = cells;
    for (std::size_t n = 0; n < count * 64; ++n)
      for (std::size_t p = 0; p < Slices; ++p) {
        auto const more = (slices[p][n / 64] >> n % 64 & 1) << p;
        expected[n] = static_cast<Cell>(expected[n] + more);
      }
    census::simd::add_bit_slices<Slices>(slices.data(), cells.data(), count);
    CHECK(cells == expected);
  }
}

}  // namespace

TEST_CASE("flags are gathered into a word, flag n at bit n") {
  std::mt19937_64 random(3);
  for (int turn = 0; turn < 20; ++turn) {
    std::uint64_t const word = random();
    std::array<std::uint32_t, 64> flags;
    for (std::size_t n = 0; n < 64; ++n) flags[n] = word >> n & 1;
    CHECK(census::simd::gather_bits(flags) == word);
  }
}

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

TEST_CASE("bit slices are added to cells of every width as a plain loop adds them") {
  std::mt19937_64 random(7);
  for (int turn = 0; turn < 10; ++turn) {
    check_bit_slices<1, std::uint8_t>(random);
    check_bit_slices<3, std::uint8_t>(random);
    check_bit_slices<7, std::uint8_t>(random);
    check_bit_slices<2, std::uint16_t>(random);
    check_bit_slices<8, std::uint16_t>(random);
    check_bit_slices<4, std::uint32_t>(random);
    check_bit_slices<8, std::uint32_t>(random);
  }
}

TEST_CASE("a full adder adds three bits at every place") {
  std::mt19937_64 random(9);
  words const a = random_words(random), b = random_words(random), c = random_words(random);
  words sum = a;
  words const carry = census::simd::full_add(sum, b, c);
  for (std::size_t n = 0; n < 512; ++n) {
    auto const bit = [n](words const& of) { return of[n / 64] >> n % 64 & 1; };
    CHECK(bit(sum) + 2 * bit(carry) == bit(a) + bit(b) + bit(c));
  }
}
