// SPDX-License-Identifier: MIT
#include <census/for_each_set_bit.hpp>

#include <support/catch.hpp>

#include <random>

TEST_CASE("the set bits of words are visited ascending, each once") {
  std::mt19937_64 random(3);
  for (std::size_t count = 0; count < 5; ++count) {
    std::vector<std::uint64_t> words(count);
    for (auto& word : words) word = random() & random();
    if (count > 2) words[1] = 0, words[2] = ~std::uint64_t{0};
    std::vector<std::size_t> expected, seen, of_first;
    for (std::size_t n = 0; n < 64 * count; ++n)
      if (words[n / 64] >> n % 64 & 1) expected.push_back(n);
    census::for_each_set_bit(words, [&](std::size_t n) { seen.push_back(n); });
    CHECK(seen == expected);
    if (count == 0) continue;
    census::for_each_set_bit(words[0], [&](std::size_t n) { of_first.push_back(n); });
    std::erase_if(expected, [](std::size_t n) { return n >= 64; });
    CHECK(of_first == expected);
  }
}
