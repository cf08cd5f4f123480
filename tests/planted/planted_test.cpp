// SPDX-License-Identifier: MIT
// The census of checkpoints whose answers are known finds them: none false, none missed.
#include "check_ngrams.hpp"
#include "check_positions.hpp"
#include "open_world.hpp"

#include <census/accumulator/paper_tables.hpp>
#include <census/model/layers.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <vector>

namespace {

using planted::opened_world;
using planted::phrase;

// Compares every pre-activation with what the planted neuron reads, and every firing with its sign.
struct compared {
  opened_world const& world;
  double farthest = 0, nearest = 1e9;  // from the exact one; of an exact one to zero
  std::size_t differing = 0, fired_though_dead = 0;

  void observe(census::block const& block) {
    auto const& neurons = world.planted.checkpoint.layers[block.layer()];
    auto const& answers = world.planted.answers[block.layer()];
    bool const exact = block.layer() == 0;  // what the first layer adds moves the second one's norm a little
    for (census::sequence const& s : block.text()->sequences) {
      auto const ids = std::span(block.text()->tokens).subspan(s.first_row, s.length);
      for (std::uint32_t p = 0; p < s.length; ++p) {
        auto const values = block.values().row(s.first_row + p);
        for (std::size_t n = 0; n < neurons.size(); ++n) {
          bool const fires = block.firings().fires(s.first_row + p, n);
          fired_though_dead += fires && answers[n].dead;
          if (neurons[n].what != census_test::planted_neuron::kind::reads) continue;
          double const drive = neurons[n].drive(ids, p);
          differing += fires != (drive > 0);
          if (exact) farthest = std::max(farthest, std::abs(drive - double{values[n]}));
          if (exact) nearest = std::min(nearest, std::abs(drive));
        }
      }
    }
  }
};

// What the census says of tokens, by neuron: detected tokens of detectors, and who is dead.
void check_layer(opened_world const& world, census::layer_census const& taken) {
  auto const& answers = world.planted.answers[taken.layer];
  auto const& neurons = world.planted.checkpoint.layers[taken.layer];
  REQUIRE(taken.neurons() == answers.size());
  std::map<std::uint32_t, census::detector const*> detectors;
  for (auto const& one : taken.tokens.detectors) detectors[one.neuron] = &one;
  auto const embedding = world.model.embedding();
  auto const final_gain = world.model.final_gain();

  std::size_t dead = 0;
  for (std::uint32_t n = 0; n < answers.size(); ++n) {
    auto const& expected = answers[n];
    INFO("layer " << taken.layer << ", neuron " << n << ": " << expected.name);
    CHECK((taken.liveness.firings[n] == 0) == expected.dead);
    CHECK((taken.liveness.firings[n] == taken.liveness.tokens) == expected.always_on);
    dead += expected.dead;

    CHECK(detectors.contains(n) == (expected.order == 1));
    if (detectors.contains(n) && expected.order == 1) {
      std::vector<phrase> found;
      for (auto const& key : detectors[n]->detected) found.push_back({taken.tokens.keys[key.row]});
      std::ranges::sort(found);
      CHECK(found == expected.detected);
    }

    // Its update on the triggers of whatever order, in the paper's sign and the centred one.
    std::vector<census::token_id> triggers;
    for (phrase const& one : expected.detected)
      if (std::ranges::count(triggers, one.back()) == 0) triggers.push_back(one.back());
    if (triggers.empty()) continue;
    auto const update = world.model.update_on_embedding(taken.layer, n);
    double const projection = census::mean_score(census::vocabulary_projection(embedding, update), triggers);
    CHECK((projection > 0) - (projection < 0) == expected.push);
    auto const& pushed = expected.push < 0 ? neurons[n].suppresses : neurons[n].promotes;
    double pushes = 0;
    for (auto const trigger : triggers) pushes += std::ranges::count(pushed, trigger) > 0 ? expected.push : 0;
    CHECK(projection == Approx(pushes / static_cast<double>(triggers.size()) * census_test::planted_push).margin(1e-7));
    if (expected.push != 0 && !world.planted.checkpoint.projected) {
      double const centred = census::mean_score(
          census::centred_projection(embedding, world.model.update(taken.layer, n), final_gain), triggers);
      CHECK((centred > 0) - (centred < 0) == expected.push);
    }
  }
  CHECK(taken.liveness.dead_share == Approx(static_cast<double>(dead) / static_cast<double>(answers.size())));
}

void check_world(planted::world_shape const& shape) {
  opened_world const world(shape);
  CHECK(world.corpus.full_sequences() == world.planted.documents.size());
  census::document_halves const halves(world.corpus.texts());
  for (std::uint32_t number = 0;
       auto&& layer : census::layers(world.model, world.corpus, {.keep_values = census::pre_activations})) {
    census::liveness alive;
    census::token_coverage tokens;
    census::firings_by positions{planted::position_parts(halves, {}, {})};
    census::firings_by<census::key::decoy_position> decoys;
    census::kept_firings kept;
    compared with_plan{world};
    census::survey(layer, alive, tokens, positions, decoys, kept, with_plan);
    CHECK(with_plan.differing == 0);
    CHECK(with_plan.fired_though_dead == 0);
    CHECK(with_plan.farthest < 2e-5);
    CHECK(with_plan.nearest > 5 * with_plan.farthest);  // no neuron so near its threshold that rounding could tell
    auto const parts = positions.table(number);
    census::layer_census const taken{
        .layer = number,
        .liveness = census::take_liveness_census(alive.table(number)),
        .tokens = census::take_token_census(tokens.table(number)),
        .position = census::take_position_census(planted::as_if_inside(census::by_position(parts)),
                                                 planted::as_if_inside(decoys.table(number))),
    };
    check_layer(world, taken);
    planted::check_information(world, taken);
    planted::check_positions(world, number, parts, decoys.table(number));
    planted::check_ngrams(world, number, kept.at(number));

    auto const ranges = census::pre_activation_ranges(world.model, number);
    for (std::size_t n = 0; n < ranges.size(); ++n) {
      auto const& expected = world.planted.answers[number][n];
      INFO("layer " << number << ", neuron " << n << ": " << expected.name);
      CHECK((ranges[n].proof() == census::liveness_proof::dead) == expected.provably_dead);
      CHECK((ranges[n].proof() == census::liveness_proof::always_on) == expected.always_on);
      CHECK((ranges[n].largest() <= 0) == (expected.provably_dead || expected.name == "dead in exact numbers"));
    }
    ++number;
  }
}

}  // namespace

TEST_CASE("the census of a planted checkpoint finds what was planted, with any seed") {
  check_world({.context = 64, .seed = GENERATE(1u, 2u, 3u)});
}

TEST_CASE("the census of a planted checkpoint finds what was planted at other sizes") {
  check_world({.context = 128, .fillers = 31, .seed = 4});
  check_world({.context = 256, .cover_of_fifty = false, .seed = 5});
}

TEST_CASE("the census of a planted checkpoint finds what was planted in variants of the architecture") {
  check_world({.norm_first = false, .seed = 6});
  check_world({.has_gains = false, .seed = 7});
  check_world({.norm_first = false, .projected = true, .seed = 8});
}
