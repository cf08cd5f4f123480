// SPDX-License-Identifier: MIT
#include <census/cancelled.hpp>
#include <census/census.hpp>

#include <support/cancelled_group.hpp>
#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

#include <iterator>
#include <optional>
#include <ranges>
#include <sstream>
#include <stdexcept>

using device_block = far_away::block_without_engine;

namespace {

static_assert(census::activation_block<device_block>);
static_assert(census::activation_source<std::vector<device_block>>);
static_assert(!census::host_block<device_block> && !census::host_block<far_away::block>);

struct order_seen {
  std::vector<std::uint32_t> layers;
  void observe(census::block const& block) { layers.push_back(block.layer()); }
};

/// Takes a device's block as it is.
struct device_native {
  std::size_t blocks = 0;
  void observe(device_block const&) { ++blocks; }
};

}  // namespace

TEST_CASE("one pass feeds every observer every block, in order") {
  auto const blocks = census_test::random_blocks();
  census::liveness alive, by_hand;
  order_seen seen;
  census::survey(blocks, alive, seen);
  for (auto const& block : blocks) by_hand.observe(block);
  CHECK(alive == by_hand);
  CHECK(seen.layers == std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2});
}

TEST_CASE("a survey in a cancelled group of tasks ends between blocks, and says so") {
  auto const blocks = census_test::random_blocks();
  census::token_coverage tokens;
  census::liveness alive;
  order_seen seen;
  std::optional<std::size_t> shown;
  census_test::in_group([&](auto const& cancel) {
    struct canceller {
      decltype(cancel) cancel_group;
      std::size_t blocks = 0;
      void observe(census::block const&) {
        if (++blocks == 2) cancel_group();
      }
    } cancels{cancel};
    try {
      census::survey(blocks, cancels, tokens, seen, alive);
    } catch (census::cancelled const&) {
      shown = cancels.blocks;
    }
  });
  CHECK(shown == 2);
  CHECK(seen.layers == std::vector<std::uint32_t>{0, 1});
  census::token_coverage two_of_tokens;
  census::liveness two;
  census::survey(blocks | std::views::take(2), two, two_of_tokens);
  CHECK(alive == two);
  CHECK(tokens == two_of_tokens);
  census::survey(blocks | std::views::drop(2), alive);
  census::survey(blocks | std::views::drop(2), two);
  CHECK(alive == two);
}

TEST_CASE("a layered source is surveyed one layer at a time") {
  auto const blocks = census_test::random_blocks();
  std::vector<std::vector<census::block>> layered(3);
  for (auto const& block : blocks) layered[block.layer()].push_back(block);
  census::token_coverage whole;
  census::survey(blocks, whole);
  for (auto&& layer : layered) {
    census::token_coverage tokens;
    census::survey(layer, tokens);
    std::uint32_t const number = tokens.layers().at(0);
    CHECK(tokens.table(number) == whole.table(number));
  }
}

TEST_CASE("a device's block comes to the host once, however many observers need it there") {
  auto const blocks = census_test::random_blocks();
  auto const device = std::make_shared<far_away::device>();
  auto const far = far_away::sent<device_block>(device, blocks);
  census::liveness alive, alive_here;
  census::token_coverage tokens, tokens_here;
  device_native native;
  census::survey(far, alive, native, tokens);
  census::survey(blocks, alive_here, tokens_here);
  CHECK(alive == alive_here);
  CHECK(tokens == tokens_here);
  CHECK(native.blocks == blocks.size());
  CHECK(device->blocks_brought == static_cast<int>(blocks.size()));
}

TEST_CASE("a device's block stays where it is when nobody needs it on the host") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = census_test::random_blocks();
  device_native native;
  std::ostringstream silence;
  census::liveness counted_there;
  census::survey(far_away::sent<device_block>(device, blocks), native, census::progress(0, silence));
  census::survey(far_away::sent(device, blocks), counted_there, census::progress(0, silence));
  CHECK(device->blocks_brought == 0);
}

namespace {

/// The blocks one by one, each once.
auto read_once(std::vector<census::block> blocks) {
  return census::generated_source{[blocks = std::move(blocks), next = std::size_t{0}]() mutable {
    return next < blocks.size() ? std::optional(blocks[next++]) : std::nullopt;
  }};
}

/// An input range that does not know that it was read before, as many that read files.
struct consumed_by_reading {
  std::vector<census::block> blocks;
  std::size_t next = 0;

  struct iterator {
    using value_type = census::block;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;
    consumed_by_reading* from = nullptr;
    census::block const& operator*() const { return from->blocks[from->next]; }
    iterator& operator++() { return ++from->next, *this; }
    void operator++(int) { ++from->next; }
    bool operator==(std::default_sentinel_t) const { return from->next == from->blocks.size(); }
  };
  iterator begin() { return {this}; }
  std::default_sentinel_t end() const { return {}; }
};

/// Refuses the third block that it sees.
struct refuses_the_third {
  int seen = 0;
  void observe(census::block const&) {
    if (++seen == 3) throw std::runtime_error("the third");
  }
};

}  // namespace

TEST_CASE(
    "a source that is read once is refused the second time, surveyed or read by hand, and makes no empty census") {
  auto source = read_once(census_test::random_blocks());
  census::liveness alive, again;
  census::survey(source, alive);
  CHECK_THROWS_WITH(census::survey(source, again), Catch::Contains("was read to its end"));
  CHECK(again.layers().empty());

  auto by_hand = read_once(census_test::random_blocks());
  for (auto const& block : by_hand) CHECK(block.layer() < 3);
  CHECK_THROWS_AS(census::survey(by_hand, again), std::logic_error);
  auto const moved = std::move(by_hand);
  CHECK_THROWS_WITH(census::survey(by_hand, again), Catch::Contains("moved from"));
}

TEST_CASE("a source of one's own that is read once and gives no block is refused, and nothing else that is empty") {
  census::liveness alive, again;
  consumed_by_reading own{census_test::random_blocks()};
  census::survey(own, alive);
  CHECK_THROWS_WITH(census::survey(own, again), Catch::Contains("gave no block"));
  auto nothing = read_once({});
  CHECK_NOTHROW(census::survey(nothing, again));
  CHECK_NOTHROW(census::survey(std::vector<census::block>{}, again));
}

TEST_CASE("what is left of a source after some blocks may be surveyed") {
  auto const blocks = census_test::random_blocks();
  auto source = read_once(blocks);
  census::liveness first, rest, whole;
  census::survey(source | std::views::take(5), first);
  census::survey(source, rest);
  census::survey(blocks, whole);
  rest.merge(first);
  CHECK(rest == whole);
}

TEST_CASE("a pass that failed tells who saw what, and is not gone through again by half") {
  auto const blocks = census_test::random_blocks();
  census::liveness alive;
  census::token_coverage tokens;
  refuses_the_third refuses;
  CHECK_THROWS_WITH(census::survey(blocks, alive, refuses, tokens),
                    "the third [layer 2, the block that begins in document 0: observed by the first 1 of 3 observers, "
                    "refused by the next, not shown to the others]");
  CHECK(alive.layers() == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(tokens.layers() == std::vector<std::uint32_t>{0, 1});
  CHECK_THROWS_WITH(census::survey(blocks, alive, tokens), Catch::Contains("was observed before"));

  std::vector<census::block> rest(blocks.begin() + 3, blocks.end());
  census::survey(rest, alive, tokens);  // what nobody has seen
  tokens.observe(blocks[2]);            // and what the message says that tokens has not
  census::liveness all;
  census::token_coverage all_tokens;
  census::survey(blocks, all, all_tokens);
  CHECK(alive == all);
  CHECK(tokens == all_tokens);
}

TEST_CASE("after an error of an observer a source that is read once goes on with the block that was refused") {
  auto const blocks = census_test::random_blocks();
  auto source = read_once(blocks);
  refuses_the_third refuses;
  CHECK_THROWS_AS(census::survey(source, refuses), std::runtime_error);
  census::liveness rest, expected;
  census::survey(source, rest);
  census::survey(std::vector<census::block>(blocks.begin() + 2, blocks.end()), expected);
  CHECK(rest == expected);
}

TEST_CASE("a source that failed is not asked again as if it were at its end") {
  int calls = 0;
  census::generated_source source{[&]() -> std::optional<census::block> {
    if (++calls == 2) throw std::runtime_error("the disk");
    return census_test::random_blocks()[static_cast<std::size_t>(calls - 1)];
  }};
  census::liveness alive;
  CHECK_THROWS_WITH(census::survey(source, alive), "the disk");
  CHECK_THROWS_WITH(census::survey(source, alive), Catch::Contains("failed before its end"));
  CHECK(calls == 2);
}
