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
  layer.position.decoy_w = w;
  layer.position.mutual_information_corrected.assign(w.size(), 0.5);
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
