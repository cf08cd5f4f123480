// SPDX-License-Identifier: MIT
#include <census/accumulator/concepts.hpp>
#include <census/survey/activation_search.hpp>
#include <census/survey/survey.hpp>

#include "wanting_neurons.hpp"

#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

using namespace wanting;

TEST_CASE("a search finds single tokens at once, and climbs to what takes several") {
  STATIC_REQUIRE(census::observer<census::activation_search, census::block>);
  auto const search = searched(60);
  auto const found = search.activating_inputs();
  REQUIRE(found.size() == 4);
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(found[i].layer == i / 2);
    CHECK(found[i].neuron == i % 2);
    CHECK(found[i].found_by == (i % 2 == 0 ? "single token" : "swaps"));
    CHECK(found[i].ids.front() == 2);
    CHECK(found[i].pre_activation == 0.5f);
    CHECK(value(found[i].layer, found[i].neuron, found[i].ids, found[i].ids.size() - 1) > 0);
  }
  CHECK(found[0].ids == ids{2, 30});
  CHECK(found[2].ids == ids{2, 31});
  CHECK(search.still_silent() == 2);
  CHECK(search.largest(0, 1) == 0.5f);
  CHECK(search.largest(1, 2) == -1.f);
  CHECK(search.largest(0, 3) == -std::numeric_limits<float>::infinity());  // was not silent
}

TEST_CASE("a search takes silent neurons in any order") {
  auto const text = a_text({2, 9, 9});
  census::activation_search forth({{0, 1, 2}}, options), back({{2, 1, 0}}, options);
  for (auto const& block : run({text})) forth.observe(block), back.observe(block);
  for (std::uint32_t neuron = 0; neuron < 3; ++neuron) CHECK(forth.largest(0, neuron) == back.largest(0, neuron));
}

TEST_CASE("a search starts from the contexts of the largest values in a text, long ones and those that fire included") {
  auto const text = a_text({2, 9, 9, 9, 9, 9, 9, 9, 40, 30, 9, 9});
  census::largest_values largest;
  for (auto const& block : run({text})) largest.observe(block);
  census::activation_search search({{0, 1, 2}}, options);
  search.now_trying("text");
  search.start_from(0, largest.at(0), *text);
  REQUIRE(search.activating_inputs().size() == 1);
  CHECK(search.activating_inputs().front() ==
        census::activating_input{0, 0, {2, 9, 9, 9, 9, 9, 9, 9, 40, 30}, 0.5f, "text"});
  CHECK(search.largest(0, 1) == -0.5f);

  census::input_proposals propose(options);
  auto const first = propose.mutations(search);  // the end of the long context comes first, whole again behind BOS
  bool begins_with_it = false;
  for (auto const& s : first.front()->sequences)
    begins_with_it |=
        std::ranges::equal(std::span(first.front()->tokens).subspan(s.first_row, s.length), ids{2, 9, 9, 9, 40, 30});
  CHECK(begins_with_it);
  census::survey(run(first), search);
  for (int round = 0; round < 30; ++round) census::survey(run(propose.mutations(search)), search);
  CHECK(search.activating_inputs().size() == 2);
}

TEST_CASE("inputs that do not hold are struck out, and their neurons are silent again") {
  auto search = searched(60);
  REQUIRE(search.activating_inputs().size() == 4);
  CHECK(search.confirm(std::vector{0.25f, 0.f, -1.f, 0.75f}) == 2);
  auto const left = search.activating_inputs();
  REQUIRE(left.size() == 2);
  CHECK(left[0].neuron == 0);
  CHECK(left[0].pre_activation == 0.25f);
  CHECK(left[1].layer == 1);
  CHECK(left[1].neuron == 1);
  CHECK(search.still_silent() == 4);
}

TEST_CASE("a search finds the same with any number of threads") {
  auto const found = searched(60).activating_inputs();
  tbb::global_control const one(tbb::global_control::max_allowed_parallelism, 1);
  CHECK(searched(60).activating_inputs() == found);
}

TEST_CASE("a search needs values") {
  auto const block = run({a_text({2, 9})}).front();
  census::activation_search search({{0}}, options);
  CHECK_THROWS_AS(search.observe(census::block(0, block.text(), block.firings())), std::invalid_argument);
}
