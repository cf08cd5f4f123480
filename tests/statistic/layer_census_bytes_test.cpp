// SPDX-License-Identifier: MIT
#include <census/statistic/layer_census_bytes.hpp>

#include <support/catch.hpp>

TEST_CASE("the bytes of a layer's census are those of its figures a neuron, and of the tokens that occurred") {
  // Bits a neuron: firings 64, without BOS 64, cover 32, repeat rate 128, order 32, a claim 128, its verdict 8; six
  // figures of information 64 each, an estimate 128, three verdicts 1 each, one of three answers or none 16, a type 32;
  // two cosines 64 each, two proofs 1 each, three counts near zero 64 each. For each n from 2 on: firings 64, cover 32.
  constexpr std::uint64_t without_ngrams = 456 + 384 + 128 + 3 + 16 + 32 + 128 + 2 + 192;
  auto const bytes = census::layer_census_bytes(8000, 3, 500);
  CHECK(bytes >= 1000 * (without_ngrams + 2 * 96) + 4 * 500);
  CHECK(bytes <= 1000 * (without_ngrams + 2 * 96 + 8) + 4 * 500);
  CHECK(bytes - census::layer_census_bytes(8000, 2, 500) == 1000 * 96);
  CHECK(bytes - census::layer_census_bytes(8000, 3, 100) == 4 * 400);
}
