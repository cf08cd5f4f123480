// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/check_input.hpp>
#include <census/model/layers.hpp>

#include "broken_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <vector>

TEST_CASE(
    "a token outside the vocabulary and a sequence longer than the positions are refused before anything is computed") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const model = census::open_model(folder.path());
  std::vector const strange{text_of({{2, 3}, {2, 3, 50}})};
  CHECK(message_of([&] { census::activations(model, strange); }) ==
        "document 1, piece 0, token 2: the id 50 is outside the vocabulary of 50 tokens");
  std::vector const long_one{text_of({random_sequence(17, 50)})};
  CHECK(message_of([&] { census::layers(model, long_one); }) ==
        "document 0, piece 0: the sequence has 17 tokens, but the model only 16 positions");
  CHECK(message_of([&] {
          census::activations(model, {text_of({{2}})}, {.layers = {1, 3}});
        }) == "layers 1:3: the model has layers 0:2");
  CHECK(message_of([&] {
          census::activations(model, {text_of({{2}})}, {.layers = {1, 1}});
        }) == "layers 1:1: the range is empty");
}
