// SPDX-License-Identifier: MIT
#include <census/report/layer_table.hpp>

#include <support/catch.hpp>

#include <sstream>
#include <vector>

TEST_CASE("the layer table shows a dash for what does not exist") {
  census::layer_census silent;
  silent.layer = 2, silent.liveness.dead_share = 1, silent.liveness.firings = {0, 0};
  std::vector const layers{silent};
  std::ostringstream out;
  census::print_layer_table(out, layers, census::summarise_layers(layers));
  CHECK(out.str() ==
        "layer neurons   dead dead share  mean frequency token detectors detected tokens positional  corrected\n"
        "    2       2      2   100.00 %               -               0               0          -          -\n");
}

TEST_CASE("the layer table has a column for the detectors of each n-gram") {
  census::layer_census layer;
  layer.liveness.firings = {1};
  layer.ngrams.resize(2);
  layer.ngrams[0].n = 2, layer.ngrams[1].n = 4;
  layer.ngrams[1].detectors.resize(3);
  std::vector const layers{layer};
  std::ostringstream out;
  census::print_layer_table(out, layers, census::summarise_layers(layers));
  CHECK_THAT(out.str(), Catch::Contains("  bigram detectors   4gram detectors\n") &&
                            Catch::Contains("                 0                 3\n"));
  CHECK_THROWS_AS(census::print_layer_table(out, layers, {}), std::invalid_argument);
}
