// SPDX-License-Identifier: MIT
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/observe_each.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

namespace {

/// Whose backend offers no twin on the host.
struct stranded_block {
  static inline census::shared_text const none = nullptr;
  std::uint32_t layer() const { return 0; }
  census::shared_text const& text() const { return none; }
  int firings() const { return 0; }
};

}  // namespace

TEST_CASE("an observer can be shown a block that it takes, or whose twin on the host it takes") {
  using census::shown;
  STATIC_REQUIRE(shown<census::kept_firings, census::block>);
  STATIC_REQUIRE(shown<census::kept_firings, far_away::block>);
  STATIC_REQUIRE(shown<census::liveness, far_away::block_without_engine>);
  STATIC_REQUIRE(census::activation_block<stranded_block>);
  STATIC_REQUIRE_FALSE(shown<census::liveness, stranded_block>);
  STATIC_REQUIRE_FALSE(shown<int, census::block>);
  using both = census::together<census::liveness, census::kept_firings>;
  STATIC_REQUIRE(census::accumulator<both, census::block>);
  STATIC_REQUIRE(census::accumulator<both, far_away::block>);
  STATIC_REQUIRE_FALSE(census::observer<both, stranded_block>);
}

TEST_CASE("the host's own block is its own twin") {
  auto const block = census_test::random_blocks()[0];
  census::host_twin<census::block> twin(block);
  CHECK(&twin.get() == &block);
}

TEST_CASE("a twin is brought when it is first asked for, and once") {
  auto const device = std::make_shared<far_away::device>();
  auto const here = census_test::random_blocks()[0];
  far_away::block const block(device, here);
  census::host_twin<far_away::block> twin(block);
  CHECK(device->blocks_brought == 0);
  CHECK(twin.get().text() == here.text());
  CHECK(&twin.get() == &twin.get());
  CHECK(device->blocks_brought == 1);
}

namespace {

/// Refuses blocks of layer 1 with an error of its own choice.
template <class Error>
struct refuses_layer_1 {
  void observe(census::block const& block) {
    if (block.layer() == 1) throw Error("layer 1: no");
  }
};
struct own_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class Error>
std::string refusal() {
  auto const block = census_test::random_blocks()[1];
  census::liveness first, last;
  refuses_layer_1<Error> second;
  census::host_twin<census::block> twin(block);
  try {
    census::observe_each(block, twin, first, second, last);
  } catch (Error const& error) {
    CHECK(first.layers().size() == 1);
    CHECK(last.layers().empty());
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("where one of several observers throws, the error keeps its type and tells which of them saw the block") {
  std::string const told = "layer 1: no [layer 1, the block that begins in document 0: observed by the first 1 of 3 "
                           "observers, refused by the "
                           "next, not shown to the others]";
  CHECK(refusal<std::invalid_argument>() == told);
  CHECK(refusal<std::overflow_error>() == told);
  CHECK(refusal<std::runtime_error>() == told);
  CHECK(refusal<own_error>() == "layer 1: no");  // might hold more than its message
}

namespace {

/// A block of one's own that lost its text.
struct block_without_text {
  static inline census::shared_text const none = nullptr;
  census::block const* inner;
  auto layer() const { return inner->layer(); }
  auto const& text() const { return none; }
  auto const& firings() const { return inner->firings(); }
};

}  // namespace

TEST_CASE("a block without a text is refused as one observer refuses it, however many there are") {
  auto const inner = census_test::random_blocks()[0];
  block_without_text const block{&inner};
  census::liveness first, second;
  census::host_twin<block_without_text> twin(block);
  CHECK_THROWS_WITH(census::observe_each(block, twin, first, second), Catch::Contains("no text"));
}

TEST_CASE("bad input that an observer finds stays bad input, place and cause as they were") {
  auto const block = census_test::random_blocks()[0];
  struct finds_bad_input {
    void observe(census::block const&) { throw census::bad_input("tags.txt: line 3", "is empty"); }
  } observer;
  census::liveness alive;
  census::host_twin<census::block> twin(block);
  try {
    census::observe_each(block, twin, alive, observer);
    FAIL("nothing was thrown");
  } catch (census::bad_input const& error) {
    CHECK_THAT(error.what(), Catch::StartsWith("tags.txt: line 3: is empty [layer 0,"));
  }
}
