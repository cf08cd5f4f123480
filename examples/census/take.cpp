// SPDX-License-Identifier: MIT
// census take: which neurons of a model are dead, which answer to one token, which only tell the position.
#include <census/model/check_input.hpp>
#include <census/model/layers.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/model_origin.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/model/product.hpp>
#include <census/model/token_text.hpp>
#include <census/printable.hpp>
#include <census/report/census_folder.hpp>
#include <census/report/describe_run.hpp>
#include <census/report/layer_table.hpp>
#include <census/report/peak_memory.hpp>
#include <census/report/print_profile.hpp>
#include <census/statistic/judge_positional.hpp>
#include <census/statistic/layer_summary.hpp>
#include <census/survey/describe_plan.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/take_census.hpp>

#include "model_options.hpp"

#include <tbb/global_control.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

namespace {

struct settings : model_options {
  std::uint64_t memory = std::uint64_t{4} << 30;
  std::size_t ngrams = 3;
  bool keep_tables = false, pre_activations = false;
};

census::census_options options_of(settings const& asked, census::layer_range layers) {
  return {.first_layer = layers.first,
          .last_layer = layers.last,
          .longest_ngram = asked.ngrams,
          .pre_activations = asked.pre_activations,
          .keep_tables = asked.keep_tables,
          .memory = asked.memory,
          .threads = asked.threads,
          .folder = asked.out};
}

void print_hint() {
  if (auto const kernel = census::better_kernel())
    std::cerr << "hint: OpenBLAS does not know this processor and leaves out its AVX-512; with OPENBLAS_CORETYPE="
              << *kernel << " in the environment it may be 1.5 times as fast (docs/benchmarks.md)\n";
}

void print_results(census::census_folder const& folder, std::vector<census::neuron_profile> const& profiles) {
  census::print_layer_table(std::cout, folder.layers(), census::summarise_layers(folder.layers()));
  std::cout << "\nNeurons that answer to few tokens, from as many layers as there are:\n";
  for (auto const& profile : census::most_telling(profiles, 3)) census::print_profile(std::cout, profile);
  std::cout << "\nThe results lie in " << census::printable(folder.path().string())
            << ": layers.csv, neurons.csv, detectors.jsonl, dead_share.csv, census.safetensors, run.json\n";
}

void take(settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  census::stopwatch watch;
  auto const model = census::open_model(asked.model);
  auto const layers = chosen_layers(model, asked);
  auto const corpus = open_texts(model, asked, asked.memory);
  tell_ignored(model, corpus, asked);
  auto const plan = census::plan_census(model, corpus, options_of(asked, layers));
  if (plan.weights_read < std::uint64_t{1} << 29) census::check_weights(model, layers);  // takes no second
  census::census_folder folder(asked.out, {static_cast<std::uint32_t>(layers.first), layers.last - layers.first,
                                           model.architecture().ffn_size, corpus.domains(),
                                           corpus.full_sequences() > 0 ? corpus.context() : 0, asked.keep_tables});
  census::progress progress(corpus.tokens() * layers.last);
  auto taking = census::take_census(model, corpus, plan, progress);
  census::describe(plan, std::cerr);
  print_hint();
  auto run = census::describe_run(model, corpus, plan, shared_settings(asked, corpus));
  watch.lap("open");

  for (auto&& layer : taking) folder.append(layer);
  progress.finish();
  auto const& profiles = taking.profiles();
  folder.append(profiles);
  census::judge_positional(folder.layers());
  run.ngrams = taking.ngram_coverage();
  run.seconds = watch.seconds();
  run.seconds.insert(run.seconds.end(), taking.seconds().begin(), taking.seconds().end());
  run.peak_memory = census::peak_memory();
  folder.commit(run);
  print_results(folder, profiles);
}

}  // namespace

void add_take(CLI::App& program) {
  auto const asked = std::make_shared<settings>();
  CLI::App& command = *program.add_subcommand(
      "take", "Takes the census of a model on some text: which neurons are dead, which answer to one token, which only "
              "tell the position.");
  add_model_options(command, *asked);
  command
      .add_option("--ngrams", asked->ngrams,
                  "Detectors of n-grams up to this n. 1 keeps no firings, which else take an eighth of a byte a token "
                  "and neuron, in memory or in a file, but tells of tokens alone")
      ->capture_default_str()
      ->check(CLI::Range(1, 5));
  command.add_flag("--pre-activations", asked->pre_activations,
                   "Also keep what goes into the activation function: firings that rounding may have decided, and how "
                   "near each neuron came to firing. Slower");
  command.add_option("--memory", asked->memory, "The most memory to use; a census that needs more does not begin")
      ->check(CLI::Validator(
          [](std::string& text) { return text.starts_with('-') ? "should be a size, such as 4GiB" : ""; }, ""))
      ->transform(CLI::AsSizeValue(false))
      ->default_str("4GiB");
  command.add_flag(
      "--keep-tables", asked->keep_tables,
      "Keep each layer's table by token, tokens-LAYER.safetensors, so that counts of several texts can be added");
  command.footer(
      "Example: census take --model models/opt-125m --text wiki=wiki.txt code=code.jsonl --out census-125m\n"
      "In --out: run.json (what was run on what), layers.csv and neurons.csv (a row a layer, a neuron), "
      "detectors.jsonl (a line a detector), dead_share.csv, census.safetensors (the counts). docs/results.md explains "
      "each column and when not to believe it; census compare shows several folders side by side.\n"
      "Exit: 0 done, 2 bad input or usage, 1 anything else. Earlier results stay whole unless the census is done.");
  command.callback([asked] { take(*asked); });
}
