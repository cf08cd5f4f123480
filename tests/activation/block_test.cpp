// SPDX-License-Identifier: MIT
#include <census/activation/block.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace {
census::shared_text two_tokens() { return census::share({{5, 6}, {{.length = 2}}}); }

/// A block whose text is a Text.
template <class Text>
struct block_of_text {
  std::uint32_t layer() const;
  Text text() const;
  census::packed_firings firings() const;
};
}  // namespace

TEST_CASE("the reference block is a host block, and its own answer on the host") {
  STATIC_REQUIRE(census::host_block<census::block>);
  STATIC_REQUIRE_FALSE(census::activation_block<int>);
  STATIC_REQUIRE(census::host_block<block_of_text<census::shared_text const&>>);
  STATIC_REQUIRE_FALSE(census::activation_block<block_of_text<census::shared_text>>);  // it would die while looked at
  census::block const block = census::make_block(3, two_tokens(), {std::vector<float>{1, 0, -1, 2}, 2});
  CHECK(&on_host(block) == &block);
}

TEST_CASE("a block's copy shares its storage") {
  census::block const block = census::make_block(3, two_tokens(), {std::vector<float>{1, 0, -1, 2}, 2});
  census::block const copy = block;
  CHECK(copy.layer() == 3);
  CHECK(copy.text() == block.text());
  CHECK(copy.firings().row(1).data() == block.firings().row(1).data());
  CHECK(copy.values().row(1).data() == block.values().row(1).data());
}

TEST_CASE("a block whose parts disagree is refused") {
  census::activation_values const three_rows{std::vector<float>{1, 2, 3}, 1};
  CHECK_THROWS_AS(census::make_block(0, two_tokens(), three_rows), std::invalid_argument);
  CHECK_THROWS_AS(census::block(0, nullptr, census::pack(three_rows)), std::invalid_argument);
  census::activation_values const two_by_two{std::vector<float>{1, 2, 3, 4}, 2},
      two_by_one{std::vector<float>{1, 2}, 1};
  CHECK_THROWS_AS(census::block(0, two_tokens(), census::pack(two_by_two), two_by_one), std::invalid_argument);
}

TEST_CASE("NaN is refused with its layer, row and neuron") {
  float const nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(census::make_block(3, two_tokens(), {std::vector<float>{1, 0, nan, 2}, 2}),
                    "layer 3: row 1, neuron 0: the activation is NaN");
}

TEST_CASE("2^32 neurons or more are refused where the block is made, for neurons are numbered in 32 bits") {
  auto const empty = census::share({});
  std::size_t const most = 0xffffffff;
  CHECK_NOTHROW(census::block(0, empty, census::packed_firings(nullptr, 0, most)));
  CHECK_THROWS_WITH(census::block(3, empty, census::packed_firings(nullptr, 0, most + 1)),
                    "census::block: layer 3: 4294967296 neurons; a layer has at most 2^32 - 1");
  CHECK_THROWS_AS(census::make_block(3, empty, census::activation_values(nullptr, 0, most + 1, most + 1)),
                  std::length_error);
}

TEST_CASE("shapes that disagree are named with the layer and the numbers") {
  auto const text = census::share({{5, 6}, {{.length = 2}}});
  auto const firings = census::pack({std::vector<float>(4, 1.f), 2});
  CHECK_THROWS_WITH(census::block(7, text, firings, {std::vector<float>(6, 1.f), 3}),
                    "census::block: layer 7: values of 2 rows of 3 neurons, but firings of 2 rows of 2 neurons");
  CHECK_THROWS_WITH(
      census::block(7, text, firings, {}, {std::make_shared<float[]>(3), std::make_shared<std::size_t[]>(3), 3, 1}),
      "census::block: layer 7: values of 3 rows of 1 neurons, but firings of 2 rows of 2 neurons");
  CHECK_THROWS_WITH(census::block(7, {}, firings), "census::block: layer 7: firings of 2 rows, but no text");
  CHECK_THROWS_WITH(census::activation_values(std::vector<float>(5), 3),
                    "census::activation_values: 5 values are no whole number of rows of 3 neurons");
}
