// SPDX-License-Identifier: MIT
// census wake: are silent neurons dead? Which are, provably, whatever the input; which fire once one looks for the
// right input; of which neither is known.
#include <census/model/layers.hpp>
#include <census/model/model_origin.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/model/token_text.hpp>
#include <census/printable.hpp>
#include <census/report/describe_run.hpp>
#include <census/report/read_silent_neurons.hpp>
#include <census/report/silent_neurons_csv.hpp>
#include <census/report/wake_folder.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/silent_neurons.hpp>

#include "model_options.hpp"

#include <tbb/global_control.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

struct wake_settings : model_options {
  std::string census;
  std::size_t rounds = 40, shuffles = 2, proposals = 4096, longest = 16;
  std::uint64_t seed = 1;
};

std::vector<std::pair<std::string, std::string>> settings_of(wake_settings const& asked, census::corpus const& corpus) {
  auto all = shared_settings(asked, corpus);
  all.insert(all.end(), {{"census", asked.census},
                         {"shuffles", std::to_string(asked.shuffles)},
                         {"rounds", std::to_string(asked.rounds)},
                         {"proposals", std::to_string(asked.proposals)},
                         {"longest", std::to_string(asked.longest)},
                         {"seed", std::to_string(asked.seed)}});
  return all;
}

void wake(wake_settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  census::wake_folder results(asked.out);
  auto const model = census::open_model(asked.model);
  auto const layers = chosen_layers(model, asked);
  auto const corpus = open_texts(model, asked);
  tell_of_reading(model, corpus, asked);
  std::vector<std::vector<std::uint32_t>> silent;
  if (!asked.census.empty())
    silent = census::read_silent_neurons(asked.census, census::files_of(census::origin_of(model)), layers.first,
                                         layers.last, model.architecture().ffn_size);

  census::progress progress(corpus.tokens() * (layers.last - layers.first));
  auto const seen = census::survey_pre_activations(model, corpus, layers.first, layers.last, progress);
  if (asked.census.empty())
    for (auto const& layer : seen) silent.push_back(census::silent_neurons(layer));

  progress.begin("", 0, census::progress::surveyed);
  auto const search = census::search_silent_neurons(
      model, corpus, seen, silent,
      {.inputs = {.vocabulary_size = tokens_named(model),
                  .bos = corpus.bos(),
                  .longest = std::min<std::size_t>(asked.longest, model.architecture().max_positions),
                  .proposals = asked.proposals,
                  .seed = asked.seed},
       .shuffles = asked.shuffles,
       .rounds = asked.rounds},
      progress);
  if (search.struck_out() > 0)
    std::cerr << search.struck_out()
              << " inputs do not hold when they are run by themselves: rounding had decided; they are struck out\n";
  std::vector<census::silence_census> taken;
  for (std::size_t i = 0; i < seen.size(); ++i)
    taken.push_back(census::take_silence_census(seen[i], silent[i], search));
  results.commit(census::describe_run(model, corpus, settings_of(asked, corpus)), search.activating_inputs(), taken,
                 [&](census::token_id token) { return token_text(model, token); });
  census::print_silence_table(std::cout, taken);
  std::cout << "\nThe results lie in " << census::printable(results.path().string())
            << ": awakened.jsonl, silent_neurons.csv, wake.json\n";
}

void add_search_options(CLI::App& command, wake_settings& asked) {
  command
      .add_option(
          "--census", asked.census,
          "The results of census take on this model: wake what is silent there (default: what is silent in --text)")
      ->type_name("DIR");
  command.add_option("--shuffles", asked.shuffles, "How often the text is tried in random order")
      ->capture_default_str()
      ->transform(whole_number(0));
  command.add_option("--rounds", asked.rounds, "Rounds of swaps")->capture_default_str()->transform(whole_number(0));
  command.add_option("--proposals", asked.proposals, "Inputs tried in a round")
      ->capture_default_str()
      ->transform(whole_number());
  command
      .add_option(
          "--longest", asked.longest,
          "Tokens of the inputs that are changed. A neuron that fires far into a text only is found by the text "
          "or not at all")
      ->capture_default_str()
      ->transform(whole_number(2, 4096));
  command.add_option("--seed", asked.seed, "Of the random order and the swaps")
      ->capture_default_str()
      ->transform(whole_number(0));
}

}  // namespace

void add_wake(CLI::App& program) {
  auto const asked = std::make_shared<wake_settings>();
  CLI::App& command =
      *program.add_subcommand("wake", "Are silent neurons dead? Which are so by proof, and which an input makes fire.");
  command.footer(
      "A neuron that never fires on a text is *provably dead* where its weights and those of the layer norm before it "
      "leave no input that could make it fire; *awakened* where a search finds an input that does; *neither* where "
      "both fail. The search tries what came nearest in the text, every token by itself behind BOS, the text in random "
      "order, and then, round by round, small changes to the inputs that came nearest. An input is kept as token ids, "
      "and counts only if these, run by themselves, make the neuron fire at the last of them.\n\n"
      "--out receives awakened.jsonl (layer, neuron, found_by, ids, text, pre_activation) and silent_neurons.csv: for "
      "each silent neuron its verdict; the cosine that it demands of the normed residual stream before it fires (1 or "
      "more is dead for every input, 0 half of all directions); the largest cosine in the text, and in all that was "
      "tried; and near_silences, how often it was silent by so little that rounding could have decided; and wake.json, "
      "what was searched on what.\n\n"
      "Example: census wake --model models/opt-125m --text wiki.txt --out awake-125m\n"
      "A census taken before may tell which neurons to wake: --census census-125m; the text is then what the "
      "search starts from.");
  add_model_options(command, *asked);
  add_search_options(command, *asked);
  command.callback([asked] { wake(*asked); });
}
