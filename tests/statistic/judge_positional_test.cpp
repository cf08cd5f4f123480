// SPDX-License-Identifier: MIT
#include <census/statistic/judge_positional.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <optional>
#include <vector>

namespace {

/// A layer of neurons with this W each, all of them positional by corrected information, none by the paper's rule.
census::layer_census layer_of(std::vector<double> const& w) {
  census::layer_census layer;
  layer.position.full_sequences = layer.position.full_sequences_inside = 20;
  layer.position.decoy_w = layer.position.decoy_w_inside = w;
  layer.position.mutual_information_corrected.assign(w.size(), 0.5);
  layer.position.mutual_information_inside.assign(w.size(), 0.5);
  layer.position.positional.assign(w.size(), false);
  layer.position.positional_corrected.assign(w.size(), true);
  layer.position.types.assign(w.size(), census::typed_neuron{});
  return layer;
}

}  // namespace

TEST_CASE("layers with few positional neurons have the threshold of all layers together") {
  std::vector<census::layer_census> layers{layer_of(std::vector<double>(25, 2.0)), layer_of({3, -1, 1.5})};
  census::judge_positional(layers);
  // 26 neurons have W >= 2, one has -1 or less: (1 + 0) / 26 is below a twentieth at t = 2, and (1 + 0) / 27 at 1.5.
  CHECK(layers[0].position.decoy_threshold == 1.5);
  CHECK(layers[1].position.decoy_threshold == 1.5);
  CHECK(layers[1].position.positional_corrected == std::vector<bool>{true, false, true});

  std::vector<census::layer_census> alone{layer_of({3, -1, 1.5})};
  census::judge_positional(alone);
  CHECK(std::isinf(*alone[0].position.decoy_threshold));
  CHECK(alone[0].position.positional_corrected == std::vector<bool>(3, false));
}

TEST_CASE(
    "a neuron that is positional by neither rule has no type once it is judged, and judging again changes nothing") {
  std::vector<census::layer_census> layers{layer_of(std::vector<double>(30, 1.0))};
  auto& position = layers[0].position;
  position.decoy_w[3] = position.decoy_w[4] = -0.5;
  position.positional[4] = true;
  position.mutual_information_corrected[5] = 0.01;
  for (int times = 0; times < 2; ++times) {
    census::judge_positional(layers);
    CHECK_FALSE(position.types[3].has_value());
    CHECK(position.types[4].has_value());
    CHECK_FALSE(position.positional_corrected[4]);
    CHECK_FALSE(position.positional_corrected[5]);
    CHECK(position.positional_corrected[6]);
  }
}

TEST_CASE("where 50 full sequences lie inside documents, W is theirs as well as the information") {
  std::vector<census::layer_census> layers{layer_of(std::vector<double>(30, 1.0))};
  auto& position = layers[0].position;
  position.full_sequences_inside = 50;
  position.decoy_w_inside[3] = -1;
  position.decoy_w_inside.push_back(2), position.mutual_information_inside.push_back(0.5);
  position.decoy_w.push_back(-1), position.mutual_information_corrected.push_back(0.01);
  for (int i = 0; i < 20; ++i) position.decoy_w_inside.push_back(1), position.mutual_information_inside.push_back(0);
  census::judge_positional(layers);
  CHECK(position.decoy_threshold == 1);
  CHECK_FALSE(position.positional_corrected[3]);
  CHECK(position.positional_corrected[30]);
}

TEST_CASE("with too few full sequences inside documents there is no verdict beyond chance, and no threshold") {
  std::vector<census::layer_census> layers{layer_of(std::vector<double>(30, 1.0))};
  layers[0].position.full_sequences_inside = 9;
  layers[0].position.positional[4] = true;
  census::judge_positional(layers);
  CHECK(layers[0].position.positional_corrected.empty());
  CHECK(std::isinf(*layers[0].position.decoy_threshold));
  CHECK_FALSE(layers[0].position.types[3].has_value());
  CHECK(layers[0].position.types[4].has_value());
}

TEST_CASE("an estimate is surely above the threshold or below it by all neurons of the model together") {
  using census::verdict;
  double const unknown = std::nan("");
  std::vector<census::layer_census> layers(2);
  for (auto& layer : layers) layer.position.estimate.groups = 30;
  // By themselves 2.5 standard errors of 29 degrees of freedom have p = 0.018, more than a third of 5 %.
  layers[0].position.estimate.of_neuron = {{0.05 + 0.0025, 0.001}, {0.3, 0.01}};
  layers[1].position.estimate.of_neuron = {{unknown, unknown}, {0.01, 0.001}, {0.05 - 0.002, 0.001}};
  census::judge_positional(layers);
  CHECK(layers[0].position.above_threshold == std::vector<std::optional<verdict>>{verdict::yes, verdict::yes});
  CHECK(layers[1].position.above_threshold ==
        std::vector<std::optional<verdict>>{std::nullopt, verdict::no, verdict::undecided});
  layers[1].position.estimate.of_neuron.insert(layers[1].position.estimate.of_neuron.end(), 8, {0.05, 0.01});
  census::judge_positional(layers);
  CHECK(layers[0].position.above_threshold == std::vector<std::optional<verdict>>{verdict::undecided, verdict::yes});
}
