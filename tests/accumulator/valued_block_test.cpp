// SPDX-License-Identifier: MIT
#include <census/accumulator/largest_values.hpp>
#include <census/accumulator/near_zero.hpp>
#include <census/accumulator/per_neuron.hpp>
#include <census/accumulator/top_examples.hpp>
#include <census/accumulator/value_histogram.hpp>
#include <census/accumulator/valued_block.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

#include <boost/accumulators/statistics/mean.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

/// A block of one's own, whose values may be of another text. They need not tell how many rows they have.
struct loose_block {
  census::block inner;
  census::activation_values of;
  auto layer() const { return inner.layer(); }
  auto const& text() const { return inner.text(); }
  auto const& firings() const { return inner.firings(); }
  auto const& values() const { return of; }
};
struct bare_values {
  census::activation_values const* all;
  bool empty() const { return all->empty(); }
  std::span<float const> row(std::size_t i) const { return all->row(i); }
};
struct bare_block : loose_block {
  bare_values values() const { return {&of}; }
};

}  // namespace

TEST_CASE("values of fewer rows than the text are refused, with both numbers") {
  auto const block = census_test::random_blocks()[0];
  std::size_t const rows = block.text()->tokens.size(), neurons = block.firings().neurons();
  loose_block const fewer{block, {std::vector<float>((rows - 1) * neurons), neurons}};
  CHECK_THROWS_WITH(census::require_values(fewer, "me"), "me: a block of " + std::to_string(rows - 1) +
                                                             " rows of values and a text of " + std::to_string(rows));
}

TEST_CASE("what looks at values needs no more of a block than the concept says") {
  STATIC_REQUIRE(census::valued_block<bare_block>);
  auto const block = census_test::random_blocks()[0];
  census::near_zero expected({std::vector<double>(block.firings().neurons(), 0.5)}), near = expected;
  expected.observe(block);
  bare_block const bare{{block, block.values()}};
  near.observe(bare);
  CHECK(near == expected);
  census::top_examples all({.count = 3, .bins = 2}), examples = all;
  all.observe(block);
  examples.observe(bare);
  CHECK(examples == all);
}

TEST_CASE(
    "blocks that can carry values on the host are valued, and one that carries none is refused by who needs them") {
  STATIC_REQUIRE(census::valued_block<census::block>);
  STATIC_REQUIRE_FALSE(census::valued_block<far_away::block>);
  auto const block = census_test::random_blocks()[0];
  CHECK_NOTHROW(census::require_values(block, "me"));
  CHECK_THROWS_WITH(census::require_values(census::block(0, block.text(), block.firings()), "me"),
                    "me: these blocks do not carry the values of all neurons; ask their source to keep them");
}

TEST_CASE("NaN among the values of a block made by hand is refused by layer, row and neuron, and nothing is counted") {
  float const nan = std::numeric_limits<float>::quiet_NaN();
  auto const text = census::share({{5, 6, 7}, {{.length = 3}}});
  std::shared_ptr<std::uint64_t[]> const fired(new std::uint64_t[3]{1, 1, 0});
  census::packed_firings const firings(fired, 3, 2);
  census::block const with_nan(4, text, firings, {{1, 0, 2, nan, nan, 0}, 2});
  auto const refuses = [&](auto fresh, std::string const& who) {
    CHECK_THROWS_WITH(fresh.observe(with_nan), "census::" + who + ": layer 4: row 1, neuron 1: the value is NaN");
    CHECK_THROWS_AS(fresh.observe(with_nan), std::invalid_argument);
    CHECK(fresh.layers().empty());
    CHECK_NOTHROW(fresh.observe(census::block(4, text, firings, {{1, 0, 2, 0, 0, 0}, 2})));
  };
  refuses(census::value_histogram({0, 1}), "value_histogram");
  refuses(census::largest_values(), "largest_values");
  refuses(census::near_zero({{}, {}, {}, {}, {5, 5}}), "near_zero");
  refuses(census::per_neuron<boost::accumulators::features<boost::accumulators::tag::mean>>(), "per_neuron");
}
