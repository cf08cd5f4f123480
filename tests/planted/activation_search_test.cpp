// SPDX-License-Identifier: MIT
// Silent neurons of a planted checkpoint: those are awakened that some text can wake, and no others; what is provably
// dead stays silent whatever is tried.
#include "open_world.hpp"

#include <census/accumulator/largest_values.hpp>
#include <census/model/activations.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/survey/activation_search.hpp>
#include <census/survey/input_proposals.hpp>
#include <census/survey/replay.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>

#include <vector>

namespace {

// Counts firings of neurons that are provably dead, and silences of those that are provably always on.
struct proofs_held {
  std::vector<std::vector<census::pre_activation_range>> const& ranges;
  std::size_t looked_at = 0, broken = 0;
  void observe(census::block const& block) {
    for (std::size_t n = 0; n < block.firings().neurons(); ++n) {
      auto const proof = ranges[block.layer()][n].proof();
      if (proof == census::liveness_proof::none) continue;
      for (std::size_t i = 0; i < block.firings().rows(); ++i, ++looked_at)
        broken += block.firings().fires(i, n) != (proof == census::liveness_proof::always_on);
    }
  }
};

}  // namespace

TEST_CASE("an input is found for every silent neuron that some text makes fire, by ids that replay, and for no other") {
  bool const norm_first = GENERATE(true, false);
  planted::opened_world const world({.cover_of_fifty = false, .norm_first = norm_first, .seed = 11});
  std::vector<std::vector<census::pre_activation_range>> ranges;
  for (std::size_t layer = 0; layer < 2; ++layer) ranges.push_back(census::pre_activation_ranges(world.model, layer));
  proofs_held held{ranges};

  census::largest_values largest;
  census::survey(census::activations(world.model, world.corpus, {.keep_values = census::pre_activations}), largest,
                 held);
  std::vector<std::vector<std::uint32_t>> silent(1), hopeless(1);
  for (std::uint32_t n = 0; n < ranges[0].size(); ++n)
    if (largest.at(0)[n].value <= 0 && ranges[0][n].proof() != census::liveness_proof::dead)
      (world.planted.checkpoint.layers[0][n].what == census_test::planted_neuron::kind::reads ? silent : hopeless)[0]
          .push_back(n);
  REQUIRE(silent[0].size() == 4);    // 3 that some text wakes, and one that none does
  REQUIRE(hopeless[0].size() == 6);  // all but dead

  census::activation_search_options const options{.vocabulary_size = world.model.tokenizer().vocabulary_size(),
                                                  .bos = world.corpus.bos(),
                                                  .longest = 8,
                                                  .proposals = 2000};
  census::activation_search search(silent, options), in_vain(hopeless, options);
  census::input_proposals propose(options);
  auto const look = [&](auto const& texts) {
    census::survey(census::activations(world.model, texts, {.layers = {0, 1}, .keep_values = census::pre_activations}),
                   search, in_vain, held);
  };
  for (auto const& text : world.corpus.texts()) search.start_from(0, largest.at(0), *text);
  look(propose.every_token());
  int rounds = 0;
  for (; rounds < 40 && search.still_silent() > 1; ++rounds) look(propose.mutations(search));
  CHECK(rounds > 0);  // single tokens do not do
  CHECK(in_vain.activating_inputs().empty());

  auto const found = search.activating_inputs();
  CHECK(found.size() == 3);
  for (auto const& one : found) {
    auto const& expected = world.planted.answers[one.layer][one.neuron];
    INFO(expected.name);
    CHECK(expected.wakeable);
    CHECK(world.planted.checkpoint.layers[one.layer][one.neuron].drive(one.ids, one.ids.size() - 1) == Approx(0.5));
  }
  auto const values = census::replay(world.model, found);
  for (float const value : values) CHECK(value == Approx(0.5f).margin(1e-4));
  CHECK(search.confirm(values) == 0);

  CHECK(held.looked_at > 100'000);
  CHECK(held.broken == 0);
}

TEST_CASE("a replay takes nothing but the ids, and refuses what the model does not have") {
  planted::opened_world const world({.cover_of_fifty = false, .seed = 12});
  std::vector<census::activating_input> tried;
  for (std::uint32_t n = 0; n < 20; ++n)
    tried.push_back(
        {0, n, {2, world.planted.checkpoint.tokens[n], world.planted.checkpoint.tokens[n + 1]}, 99.f, "lies"});
  auto const values = census::replay(world.model, tried);
  for (std::size_t i = 0; i < tried.size(); ++i) {
    auto const& neuron = world.planted.checkpoint.layers[0][tried[i].neuron];
    if (neuron.what == census_test::planted_neuron::kind::reads)
      CHECK(double{values[i]} == Approx(neuron.drive(tried[i].ids, 2)).margin(1e-4));
  }
  CHECK_THROWS_AS(census::replay(world.model, std::vector<census::activating_input>{{0, 0, {}, 0, ""}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(census::replay(world.model, std::vector<census::activating_input>{{2, 0, {2}, 0, ""}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(census::replay(world.model, std::vector<census::activating_input>{{0, 9999, {2}, 0, ""}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(census::replay(world.model, std::vector<census::activating_input>{{0, 0, {9999}, 0, ""}}),
                  census::bad_input);
}
