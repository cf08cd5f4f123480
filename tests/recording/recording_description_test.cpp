// SPDX-License-Identifier: MIT
#include <census/recording/recording_description.hpp>

#include <census/corpus/corpus.hpp>

#include "recorded_toy.hpp"

#include <support/catch.hpp>

#include <string>
#include <utility>
#include <vector>

TEST_CASE("a recording is described by its model, its corpus and what is recorded of them") {
  auto const model = census_test::toy();
  auto const corpus =
      census::corpus({"only"}, {{{3, 4, 5, 6}, 0}}, 2, {.context = 3}).with_sources({{"a.txt", "only", 0, 9, 8}});
  auto const about =
      census::describe_recording(model, corpus, 1, 2, census::recorded_values::pre_activations, {{"context", "3"}});
  CHECK(about.first_layer == 1);
  CHECK(about.layers == 2);
  CHECK(about.neurons == census_test::toy_neurons);
  CHECK(about.tokens == 6);
  CHECK(about.sequences == 2);
  CHECK(about.context == 3);
  CHECK(about.domains == std::vector<std::string>{"only"});
  CHECK(about.bos == census::token_id{2});
  CHECK(about.values == census::recorded_values::pre_activations);
  REQUIRE(about.model.size() == 1);
  CHECK(about.model[0].path == "somewhere/config.json");
  CHECK(about.model[0].hash == 60);
  CHECK(about.blas == "toy products");
  REQUIRE(about.texts.size() == 1);
  CHECK(about.texts[0].path == "a.txt");
  CHECK(about.texts[0].bytes == 9);
  CHECK(about.settings == std::vector<std::pair<std::string, std::string>>{{"context", "3"}});
}
