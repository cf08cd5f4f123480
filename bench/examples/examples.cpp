// SPDX-License-Identifier: MIT
// A whole survey (liveness, tokens, positions) of a random model of OPT-125m's shape with the ten largest activations
// of each neuron, against the same without, in turns; and examples alone, against a loop that compares all values on
// vectors. Prints JSON. Before anything is timed, examples are checked against plain loops that sort every firing.
#include "survey/paired.hpp"
#include "survey/random_opt.hpp"

#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/top_examples.hpp>
#include <census/model/activations.hpp>
#include <census/survey/survey.hpp>

#include <CLI/CLI.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

struct tables {
  census::liveness alive;
  census::token_coverage tokens;
  census::position_information positions;
};

/// Throws where examples are not what sorting every firing gives.
void check(std::vector<census::block> const& blocks) {
  census::example_options const options{.count = 3, .bins = 1, .in_each_bin = 2};
  census::top_examples examples(options);
  std::map<std::size_t, std::vector<std::tuple<float, census::text_place>>> best;  // [neuron]: value negated
  for (auto const& block : blocks) {
    examples.observe(block);
    for (census::sequence const& s : block.text()->sequences)
      for (std::size_t n = 0; n < block.firings().neurons(); ++n) {
        std::optional<std::tuple<float, census::text_place>> of_sequence;
        for (std::uint32_t p = s.has_bos ? 1 : 0; p < s.length; ++p)
          if (float const value = block.values().row(s.first_row + p)[n]; value > 0)
            if (std::tuple const one(-value, census::text_place{s.document, s.piece, p});
                !of_sequence || one < *of_sequence)
              of_sequence = one;
        if (of_sequence) best[n].push_back(*of_sequence);
      }
  }
  auto const told = examples.at(blocks.front().layer());
  if (told.neurons.size() != best.size()) throw std::runtime_error("other neurons have examples");
  for (auto const& of_neuron : told.neurons) {
    auto& all = best.at(of_neuron.neuron);
    std::ranges::sort(all);
    if (of_neuron.largest.size() != std::min<std::size_t>(all.size(), 3)) throw std::runtime_error("other examples");
    for (std::size_t i = 0; i < of_neuron.largest.size(); ++i)
      if (std::tuple(-of_neuron.largest[i].value, of_neuron.largest[i].place) != all[i])
        throw std::runtime_error("an example is not among the largest");
  }
}

/// The largest value of each neuron in each sequence, all values compared: what reading them takes.
float largest_of_all(std::vector<census::block> const& blocks) {
  float sum = 0;
  std::vector<float> largest;
  for (auto const& block : blocks)
    for (census::sequence const& s : block.text()->sequences) {
      largest.assign(block.firings().neurons(), 0);
      for (std::uint32_t row = s.first_row; row < s.first_row + s.length; ++row) {
        auto const values = block.values().row(row);
        for (std::size_t n = 0; n < largest.size(); ++n) largest[n] = std::max(largest[n], values[n]);
      }
      for (float const one : largest) sum += one;
    }
  return sum;
}

}  // namespace

int main(int argc, char** argv) try {
  std::size_t context = 512, sequences = 16, runs = 9, threads = 1, layers = 2, count = 10, bins = 0;
  double firing = 0.03;
  CLI::App app{"A survey with examples against one without; prints JSON"};
  app.add_option("--context", context, "Tokens of a sequence")->capture_default_str()->check(CLI::Range(2, 2048));
  app.add_option("--sequences", sequences)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--layers", layers)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--firing", firing, "Share of the neurons that is to fire; 0: about a half")->capture_default_str();
  app.add_option("--threads", threads)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--runs", runs, "Pairs of runs")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--examples", count)->capture_default_str();
  app.add_option("--bins", bins)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);

  auto const model = random_opt({.layers = layers}, firing);
  auto const texts = random_texts(model.architecture(), sequences, context);
  std::vector<census::block> kept;  // of the last layer
  for (census::block const& block : census::activations(model, texts, {.layers = {layers - 1, layers}}))
    kept.push_back(block);
  check(kept);

  census::example_options const options{.count = count, .bins = bins};
  auto const survey = [&](bool with_examples) {  // all is new each time: at first most firings are among the largest
    tables fresh;
    census::top_examples examples(options);
    auto source = census::activations(
        model, texts, {.keep_values = with_examples ? census::values_of_firings : census::kept_values(false)});
    return timed([&] {
      if (with_examples)
        census::survey(source, fresh.alive, fresh.tokens, fresh.positions, examples);
      else
        census::survey(source, fresh.alive, fresh.tokens, fresh.positions);
    });
  };
  float volatile looked_at = 0;
  auto const alone = [&] {
    census::top_examples examples(options);
    return timed([&] { census::survey(kept, examples); });
  };
  survey(false), survey(true);
  paired_times const whole(
      runs, [&] { return survey(false); }, [&] { return survey(true); });
  paired_times const bare(
      runs, [&] { return timed([&] { looked_at = largest_of_all(kept); }); }, alone);

  std::cout << nlohmann::ordered_json{{"benchmark", "examples"},
                                      {"context", context},
                                      {"sequences", sequences},
                                      {"layers", layers},
                                      {"threads", threads},
                                      {"pairs", runs},
                                      {"with_to_without", whole.json("without_seconds", "with_seconds")},
                                      {"examples_to_all_values", bare.json("all_values_seconds", "examples_seconds")}}
                   .dump(1)
            << '\n';
  return 0;
} catch (std::exception const& error) {
  std::cerr << "bench_examples: " << error.what() << '\n';
  return 1;
}
