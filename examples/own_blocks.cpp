// SPDX-License-Identifier: MIT
// The whole paper's census of blocks of one's own: here made up by a rule, elsewhere any census::block, layer by layer.
#include <census/activation/join.hpp>
#include <census/error.hpp>
#include <census/report/census_folder.hpp>
#include <census/statistic/judge_detectors.hpp>
#include <census/statistic/judge_positional.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 2) throw census::bad_input("own_blocks", "usage: own_blocks FOLDER");
  constexpr std::uint32_t layers = 2, neurons = 24, context = 32, documents = 60;
  census::text_rows rows;  // a document is one full sequence of made-up tokens
  for (std::uint32_t d = 0; d < documents; ++d) {
    rows.sequences.push_back({.document = d, .first_row = d * context, .length = context, .full = true});
    for (std::uint32_t p = 0; p < context; ++p) rows.tokens.push_back((d * d + 7 * p + d * p * p) % 40);
  }
  auto const text = census::share(rows);
  std::vector<census::ngram_rows> ngrams;  // the same for all layers
  for (std::size_t n = 2; n <= 3; ++n) ngrams.emplace_back(n, text);

  census::census_folder out(argv[1], {.layers = layers, .neurons = neurons, .domains = {"rule"}, .positions = context});
  for (std::uint32_t layer = 0; layer < layers; ++layer) {
    std::vector<float> values;  // neuron n fires at token n, but the last ones at the first positions
    for (std::uint32_t row = 0; row < rows.tokens.size(); ++row)
      for (std::uint32_t n = 0; n < neurons; ++n)
        values.push_back(n < 20 ? rows.tokens[row] == n + layer : row % context < n - 10);
    census::paper_survey seen;
    census::survey(std::vector{census::make_block(layer, text, {std::move(values), neurons})}, seen);
    auto const taken = seen.result(layer, ngrams);
    std::cout << "layer " << layer << ": " << taken.tokens.detectors.size() << " token detectors\n";
    out.append({taken, seen.by_domain(layer), seen.by_position(layer), {}});
  }
  census::judge_positional(out.layers());
  census::judge_detectors(out.layers());
  census::run_record run;
  run.documents = run.sequences = run.full_sequences = documents;
  out.commit(run);
} catch (census::bad_input const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
