// SPDX-License-Identifier: MIT
#include <census/survey/silent_neurons.hpp>

#include "wanting_neurons.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <sstream>
#include <vector>

using namespace wanting;

TEST_CASE("a silent neuron is dead by its weights, fires at an input that is found, or neither is known") {
  elsewhere::toy_corpus const corpus(6, 10, 20);  // tokens below 20: neurons 0, 1 and 2 are silent
  auto const seen = census::survey_pre_activations(model(), corpus, 0, 2);
  REQUIRE(seen.size() == 2);
  std::vector<std::vector<std::uint32_t>> silent;
  for (auto const& layer : seen) silent.push_back(census::silent_neurons(layer));
  CHECK(silent == std::vector<std::vector<std::uint32_t>>{{0, 1, 2}, {0, 1, 2}});

  std::ostringstream log;
  auto const search = census::search_silent_neurons(model(), corpus, seen, silent,
                                                    {.inputs = options, .shuffles = 1, .rounds = 0}, log);
  CHECK(log.str() == "single token: 2 still silent\nshuffled text: 2 still silent\n");  // neuron 1 takes three tokens
  REQUIRE(search.activating_inputs().size() == 2);
  CHECK(search.activating_inputs()[1] == census::activating_input{1, 0, {2, 31}, 0.5f, "single token"});

  auto const taken = census::take_silence_census(seen[1], silent[1], search);
  CHECK(taken.layer == 1);
  CHECK(taken.neurons == 4);
  REQUIRE(taken.silent.size() == 3);
  CHECK(taken.silent[0].silence == census::silence::broken);
  CHECK(taken.silent[1].silence == census::silence::unknown);
  CHECK(taken.silent[2].silence == census::silence::provable);
  CHECK(taken.silent[0].demanded_cosine == 0.125);             // centre -0.5, reach 4
  CHECK(taken.silent[0].largest_cosine_in_text == 0);          // never above -0.5
  CHECK(taken.silent[0].largest_cosine == 0.25);               // 0.5 at token 31
  CHECK(taken.silent[2].largest_cosine_in_text == Approx(0));  // -1 is its centre
}

TEST_CASE("a longer search finds inputs of several tokens; observers see every block of the survey") {
  elsewhere::toy_corpus const corpus(6, 10, 20);
  struct counted {
    std::size_t blocks = 0;
    void observe(census::block const&) { ++blocks; }
  } observer;
  auto const seen = census::survey_pre_activations(model(), corpus, 1, 2, observer);
  CHECK(observer.blocks == 6);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].layer() == 1);
  std::ostringstream log;
  auto const search = census::search_silent_neurons(model(), corpus, seen, {{1}},
                                                    {.inputs = options, .shuffles = 0, .rounds = 200}, log);
  REQUIRE(search.activating_inputs().size() == 1);
  auto const found = search.activating_inputs().front();
  CHECK(found.found_by == "swaps");
  CHECK(std::ranges::equal(std::span(found.ids).last(3), ids{21, 41, 31}));
}
