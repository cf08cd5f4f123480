// SPDX-License-Identifier: MIT
#include <census/activation/sequence_of_row.hpp>

#include <support/catch.hpp>

#include <random>

TEST_CASE("every row of a text is found in the sequence that holds it, whatever the lengths") {
  std::mt19937 random(3);
  for (std::uint32_t const longest : {1u, 3u, 64u, 500u}) {
    census::text_rows text;
    std::vector<std::size_t> expected;  // [row]
    for (std::size_t s = 0; s < 200; ++s) {
      std::uint32_t const length = 1 + static_cast<std::uint32_t>(random()) % longest;
      text.sequences.push_back({.first_row = static_cast<std::uint32_t>(expected.size()), .length = length});
      expected.insert(expected.end(), length, s);
    }
    text.tokens.resize(expected.size());
    census::sequence_of_row const sequence(text);
    for (std::uint32_t row = 0; row < expected.size(); ++row) REQUIRE(sequence(row) == expected[row]);
  }
}
