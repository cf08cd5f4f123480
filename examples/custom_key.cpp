// SPDX-License-Identifier: MIT
// Keys of one's own: which neurons tell whether the token at hand holds a digit? Whether it stands inside quotes?
// Whether the next token, which the model has not read yet, ends the line?
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

/// Prints the neuron that knows most of a key that is true or false, which of a neuron that fires at random would be
/// about 0 nats.
void print_best(std::uint32_t layer, census::firing_table<bool> const& table, char const* what) {
  auto const information = census::corrected_mutual_information(table);
  if (information.empty()) return;
  auto const best = std::ranges::max_element(information) - information.begin();
  std::cout << "layer " << layer << ": neuron " << best << " knows most, "
            << information[static_cast<std::size_t>(best)] << " nats; " << what << ": fires at "
            << table.counts(true)[static_cast<std::size_t>(best)] << " of " << table.occurrences(true)
            << "; others: fires at " << table.counts(false)[static_cast<std::size_t>(best)] << " of "
            << table.occurrences(false) << '\n';
}

int main(int argc, char** argv) try {
  if (argc < 3) throw census::bad_input("custom_key", "usage: custom_key MODEL [NAME=]TEXT...");
  auto const model = census::open_model(argv[1]);
  auto const corpus = census::open_corpus(model.tokenizer(), {argv + 2, argv + argc},
                                          {.context = model.architecture().max_positions, .tokens = 20000});

  auto const& tokenizer = model.tokenizer();
  std::vector<bool> has_digit, is_quote, ends_line;
  for (census::token_id token = 0; token < tokenizer.vocabulary_size(); ++token) {
    std::string const text = tokenizer.decode(token);
    has_digit.push_back(std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; }));
    is_quote.push_back(std::ranges::count(text, '"') % 2 == 1);
    ends_line.push_back(text.starts_with('\n'));
  }

  // The questions.
  census::firings_by by_digit{[&](census::token_at at) { return has_digit[at.token()]; }};
  census::firings_by by_quote{
      census::key::running{false, [&](bool inside, census::token_at at) { return inside != is_quote[at.token()]; }}};
  census::firings_by by_next{[&](census::token_at at) -> std::optional<bool> {
    auto const next = at.after(1);
    if (!next) return std::nullopt;
    return ends_line[*next];
  }};
  auto activations = census::activations(model, corpus, {.keep_values = false});
  census::survey(activations, by_digit, by_quote, by_next);

  for (auto const layer : by_digit.layers()) {
    print_best(layer, by_digit.table(layer), "digits");
    print_best(layer, by_quote.table(layer), "inside quotes");
    print_best(layer, by_next.table(layer), "the end of a line next");
  }
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
