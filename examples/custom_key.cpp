// SPDX-License-Identifier: MIT
// A key of one's own: which neurons tell whether the token at hand holds a digit?
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>

#include <algorithm>
#include <iostream>

int main(int argc, char** argv) try {
  if (argc < 3) throw census::bad_input("custom_key", "usage: custom_key MODEL [NAME=]TEXT...");
  auto const model = census::open_model(argv[1]);
  auto const corpus = census::open_corpus(model.tokenizer(), {argv + 2, argv + argc},
                                          {.context = model.architecture().max_positions, .tokens = 20000});

  std::vector<bool> has_digit;
  for (census::token_id token = 0; token < model.tokenizer().vocabulary_size(); ++token)
    has_digit.push_back(
        std::ranges::any_of(model.tokenizer().decode(token), [](char c) { return c >= '0' && c <= '9'; }));

  // The question, in three lines.
  census::firings_by by_digit{[&](census::token_at at) { return bool{has_digit[at.token()]}; }};
  auto activations = census::activations(model, corpus, {.keep_values = false});
  census::survey(activations, by_digit);

  for (auto const layer : by_digit.layers()) {
    auto const table = by_digit.table(layer);
    auto const information = census::mutual_information(table);
    auto const best = std::ranges::max_element(information) - information.begin();
    std::cout << "layer " << layer << ": neuron " << best << " knows most, " << information[best] << " nats;";
    for (std::size_t key = 0; key < table.keys.size(); ++key)
      std::cout << ' ' << (table.keys[key] ? "digits" : "others") << ": fires at " << table.counts(key)[best] << " of "
                << table.occurrences(key);
    std::cout << '\n';
  }
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
