// SPDX-License-Identifier: MIT
#include <census/simd_compress.hpp>

#include <support/catch.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <vector>

namespace {

// No bits, all, few and many, evenly and in one half of the word.
std::vector<std::uint64_t> words_of_all_kinds(std::mt19937_64& random) {
  std::vector<std::uint64_t> words{0, ~std::uint64_t{0}, 1, std::uint64_t{1} << 63, 0xff, std::uint64_t{0x7f} << 57};
  for (int turn = 0; turn < 200; ++turn) {
    std::uint64_t const one = random(), other = random();
    words.insert(words.end(), {one, one & other, one & other & random() & random(), one | other, one >> 32});
  }
  return words;
}

}  // namespace

TEST_CASE("values of firings are copied one behind the other, and at most eight floats behind them are written") {
  std::mt19937_64 random(11);
  std::array<float, 64> values;
  for (float& value : values) value = static_cast<float>(random() % 1000);
  for (std::uint64_t const word : words_of_all_kinds(random)) {
    auto const fired = static_cast<std::size_t>(std::popcount(word));
    constexpr float untouched = -1;
    std::vector<float> copies(fired + 9, untouched);
    CHECK(census::simd::compress(values.data(), word, copies.data()) == copies.data() + fired);
    std::size_t k = 0;
    for (std::size_t n = 0; n < 64; ++n)
      if ((word >> n & 1) != 0) CHECK(copies[k++] == values[n]);
    CHECK(copies.back() == untouched);
  }
}

TEST_CASE("numbers are raised to larger values of firings, NaN is none, and what lies behind the values is not read") {
  std::mt19937_64 random(13);
  for (std::uint64_t const word : words_of_all_kinds(random)) {
    auto const fired = static_cast<std::size_t>(std::popcount(word));
    auto const values = std::make_unique<float[]>(fired);  // of exact size, for the address sanitizer
    for (std::size_t k = 0; k < fired; ++k)
      values[k] = random() % 10 == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(random() % 5);
    std::array<float, 64> numbers;
    for (float& number : numbers) number = static_cast<float>(random() % 5);
    numbers[random() % 64] = -std::numeric_limits<float>::infinity();

    auto expected = numbers;
    std::uint64_t expected_raised = 0;
    for (std::size_t n = 0, k = 0; n < 64; ++n) {
      if ((word >> n & 1) == 0) continue;
      if (values[k] > numbers[n]) expected[n] = values[k], expected_raised |= std::uint64_t{1} << n;
      ++k;
    }
    CHECK(census::simd::raise(numbers.data(), word, values.get()) == expected_raised);
    CHECK(numbers == expected);
  }
}
