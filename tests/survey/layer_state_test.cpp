// SPDX-License-Identifier: MIT
#include <census/activation/text_list.hpp>
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/error.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <cstddef>
#include <stdexcept>
#include <vector>

namespace {

std::vector<census::block> valued_blocks() {
  return census_test::random_blocks({.texts = 4, .sequences = 3, .neurons = 20, .layers = 1, .context = 8, .seed = 3});
}

census::layer_state fresh_state(std::uint32_t layer = 0) {
  census::pre_activation_range const range{.centre = -0.5, .reach = 4, .float_reach = 4, .magnitude = 4, .columns = 3};
  return {census::paper_survey(), census::pre_activation_survey(layer, std::vector(20, range))};
}

census::layer_state seen(std::vector<census::block> const& blocks, std::size_t first, std::size_t last) {
  auto state = fresh_state();
  for (std::size_t i = first; i < last; ++i) state.paper.observe(blocks[i]), state.pre_activations.observe(blocks[i]);
  return state;
}

census::layer_state seen_with_examples(std::vector<census::block> const& blocks, std::size_t first, std::size_t last) {
  auto state = seen(blocks, first, last);
  state.examples.emplace(census::example_options{.count = 2, .bins = 2});
  for (std::size_t i = first; i < last; ++i) state.examples->observe(blocks[i]);
  return state;
}

}  // namespace

TEST_CASE("a layer's state merged from parts is that of the whole, in either order, and stored and restored") {
  auto const blocks = valued_blocks();
  auto const whole = seen(blocks, 0, 4);
  auto a = seen(blocks, 0, 1), b = seen(blocks, 1, 4);
  auto restored = fresh_state();
  census::restore(census::store(a), restored);
  CHECK(restored.paper == a.paper);
  restored.merge(b);
  b.merge(a);
  for (auto const& merged : {restored, b}) {
    CHECK(merged.paper == whole.paper);
    auto const taken = merged.pre_activations.take(), expected = whole.pre_activations.take();
    CHECK(taken.largest_cosine == expected.largest_cosine);
    CHECK(taken.near_zero == expected.near_zero);
  }
}

TEST_CASE("a layer's state is held against a text, of which it may have seen a part or nothing yet") {
  auto const blocks = valued_blocks();
  census::text_list const all{blocks[0].text(), blocks[1].text(), blocks[2].text(), blocks[3].text()};
  census::text_list const some{blocks[3].text(), blocks[1].text()};
  CHECK_NOTHROW(seen(blocks, 0, 0).check_text(0, some));
  CHECK_NOTHROW(seen(blocks, 1, 2).check_text(0, some));
  CHECK_NOTHROW(seen(blocks, 0, 4).check_text(0, all));
  CHECK_THROWS_WITH(seen(blocks, 0, 2).check_text(0, some), "what was observed of layer 0 is of another text");
}

TEST_CASE("states of the same sequences, or of two layers, are not merged, and stay as they were") {
  auto const blocks = valued_blocks();
  auto a = seen(blocks, 0, 2);
  auto const before = a.paper;
  CHECK_THROWS_AS(a.merge(seen(blocks, 1, 4)), std::invalid_argument);
  CHECK_THROWS_AS(a.merge(fresh_state(1)), std::invalid_argument);
  CHECK(a.paper == before);
}

TEST_CASE("examples go with a layer's state, merged, stored and restored, and are merged with examples alone") {
  auto const blocks = valued_blocks();
  auto const whole = seen_with_examples(blocks, 0, 4);
  auto a = seen_with_examples(blocks, 0, 1);
  auto restored = fresh_state();
  restored.examples.emplace(a.examples->options());
  census::restore(census::store(a), restored);
  CHECK(restored.examples == a.examples);
  restored.merge(seen_with_examples(blocks, 1, 4));
  CHECK(restored.examples == whole.examples);

  CHECK_THROWS_WITH(a.merge(seen(blocks, 1, 4)), Catch::Contains("one of the two sides of this merge keeps examples"));
  auto without = fresh_state();
  CHECK_THROWS_AS(census::restore(census::store(a), without), census::bad_input);
}

TEST_CASE("the files of states are named by their layer") {
  CHECK(census::state_file_name(12) == "state-12.safetensors");
  CHECK(census::what_state_holds(12) == "layer 12 of a census");
}
