// SPDX-License-Identifier: MIT
#include <census/report/layer_table.hpp>

#include <support/catch.hpp>

#include <sstream>
#include <vector>

TEST_CASE("the layer table shows a dash for what, as detectors of a text without token ids, is not known") {
  census::layer_census silent;
  silent.layer = 2, silent.liveness.dead_share = 1, silent.liveness.firings = {0, 0};
  std::vector const layers{silent};
  std::ostringstream out;
  census::print_layer_table(out, layers, census::summarise_layers(layers));
  CHECK(out.str() == "layer  token detectors  supported  detected tokens  positional corrected\n"
                     "    2                -          -                -                     -\n");
}

TEST_CASE("beside each count of detectors the layer tables say how many are of that order, and how many supported") {
  census::layer_census layer;
  layer.liveness.firings = {1};
  layer.ngrams.resize(2);
  layer.ngrams[0].n = 2, layer.ngrams[1].n = 4;
  layer.ngrams[1].detectors = {{0, 1, 90, {}, true, 90}, {1, 1, 90, {}, true, 0}, {2, 1, 90, {}, true, 89}};
  layer.tokens.cover = {1};
  layer.tokens.detectors.resize(1);  // of a census that kept no firings: what supports it is not known
  layer.detector_order = {1, 4, 0};
  layer.position.positional = {true}, layer.position.positional_corrected = {true};
  std::vector const layers{layer};
  std::ostringstream out;
  census::print_layer_table(out, layers, census::summarise_layers(layers));
  CHECK_THAT(out.str(),
             Catch::EndsWith("layer  token detectors  supported  detected tokens  bigram detectors  of order 2  "
                             "supported  4gram detectors  of order 4  supported  positional corrected\n"
                             "    0                1          -                0                 0           0  "
                             "        0                3           1          2                     1\n"));
  CHECK_THROWS_AS(census::print_layer_table(out, layers, {}), std::invalid_argument);
}
