// SPDX-License-Identifier: MIT
#include <census/report/position_notes.hpp>

#include <support/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace {

std::string notes_on(std::vector<census::layer_census> const& layers) {
  std::ostringstream out;
  census::print_position_notes(out, layers, census::summarise_layers(layers));
  return out.str();
}

census::layer_census layer_of_two() {
  census::layer_census layer;
  layer.liveness.firings = {5, 7};
  layer.position.full_sequences = 80, layer.position.full_sequences_inside = 60;
  layer.position.positional = layer.position.positional_corrected = {true, false};
  layer.position.types.resize(2);
  layer.position.firing_entropy = {0.3, 0.01};
  layer.position.decoy_w = {0.1, 0};
  return layer;
}

}  // namespace

TEST_CASE("notes on position count over all layers who surely is, and who can be none whatever it does") {
  std::vector<census::layer_census> layers{layer_of_two(), layer_of_two()};
  for (auto& layer : layers) {
    layer.position.estimate.groups = 30;
    layer.position.estimate.of_neuron = {{0.5, 0.1}, {0.01, 0.001}};
    layer.position.above_threshold = {census::verdict::yes, census::verdict::no};
  }
  layers[1].position.above_threshold[1] = census::verdict::undecided;
  for (auto& layer : layers) layer.position.firing_entropy.push_back(0);  // never fires there, or always
  auto const notes = notes_on(layers);
  CHECK_THAT(notes, Catch::Contains("surely 2, possibly 1, the others not"));
  CHECK_THAT(notes, Catch::Contains("2 of 4 neurons that fire at some but not all of these tokens"));
  CHECK_THAT(notes, !Catch::Contains("not judged"));
}

TEST_CASE("notes on position say why there is no verdict, and why there are no intervals") {
  auto layer = layer_of_two();
  layer.position.full_sequences_inside = 3;
  layer.position.positional_corrected.clear();
  layer.position.estimate.groups = 2.5;
  auto const notes = notes_on({layer});
  CHECK_THAT(notes, Catch::Contains("not judged: 3 of 80 full sequences lie inside documents, where 10 are needed"));
  CHECK_THAT(notes, Catch::Contains("of as few documents as 2.5 of equal size, where 8 are needed"));
}

TEST_CASE("notes on position know no sequences inside documents where the table is of positions alone") {
  auto layer = layer_of_two();
  layer.position.full_sequences_inside = 0;
  layer.position.positional_corrected.clear(), layer.position.decoy_w.clear();
  CHECK_THAT(notes_on({layer}),
             Catch::Contains("not judged: counts alone tell neither a decoy nor which of the 80 full "
                             "sequences begin documents\n") &&
                 !Catch::Contains("lie inside"));
}

TEST_CASE("without full sequences there is nothing to note") {
  census::layer_census layer;
  layer.liveness.firings = {5};
  CHECK(notes_on({layer}).empty());
  CHECK(notes_on({}).empty());
}
