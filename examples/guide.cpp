// SPDX-License-Identifier: MIT
// The code that README.md shows, whole: it compiles and runs as a test.
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>
#include <census/model/open_model.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 4) throw census::bad_input("guide", "usage: guide MODEL TEXT TEXT");
  // [guide]
  auto model = census::open_model(argv[1]);  // a Hugging Face folder, as published
  auto corpus = census::open_corpus(model.tokenizer(), {argv[2], argv[3]}, {.context = 128});

  census::liveness alive;  // = firings_by<key::nothing>
  census::token_coverage tokens;
  census::position_information positions;
  auto activations = census::activations(model, corpus);
  census::survey(activations, alive, tokens, positions);  // one pass feeds them all

  std::cout << census::dead_share(alive.table(3)) << '\n';  // a pure function of a table
  std::cout << census::detectors(tokens.table(3)).size() << '\n';
  std::cout << census::mutual_information(positions.table(3)).at(17) << '\n';  // nats, of neuron 17

  // A question of one's own: do neurons tell capital letters?
  census::firings_by by_capital{[&](census::token_at at) {
    return model.tokenizer().decode(at.token()).find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
  }};
  auto again = census::activations(model, corpus, {.layers = {0, 2}});  // runs two layers, no further
  census::survey(again, by_capital);
  auto information = census::mutual_information(by_capital.table(1));  // nats, one per neuron

  // Larger than memory: one layer's tables at a time.
  for (auto&& layer : census::layers(model, corpus)) {
    census::token_coverage of_this_layer;
    census::survey(layer, of_this_layer);
  }
  // [guide]
  std::cout << information.size() << '\n';
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
