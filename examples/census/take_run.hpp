// SPDX-License-Identifier: MIT
// What `census take` does once the model and the text are open, whatever the model runs on.
#pragma once

#include <census/archive/own_files.hpp>
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
#include <census/report/layer_lines.hpp>
#include <census/report/layer_table.hpp>
#include <census/report/peak_memory.hpp>
#include <census/report/position_notes.hpp>
#include <census/report/print_profile.hpp>
#include <census/statistic/judge_detectors.hpp>
#include <census/statistic/judge_positional.hpp>
#include <census/statistic/layer_summary.hpp>
#include <census/survey/describe_plan.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/take_census.hpp>

#include "keep_states.hpp"
#include "model_options.hpp"
#include "settings.hpp"
#include "take_ranks.hpp"
#include "take_rounding.hpp"
#include "take_snapshots.hpp"

#include <tbb/global_control.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What every run of `census take` opens first: texts, or the corpus of a recording.
template <census::census_corpus Corpus>
struct opened_census {
  census::stopwatch watch;  ///< begun before the model was opened
  census::model model;
  census::layer_range layers;
  Corpus corpus;
  std::vector<std::pair<std::string, std::string>> settings;  ///< for the record of the run
  census::census_options options;
  std::unique_ptr<census::own_files> results;  ///< the folder that receives them; null on a rank that has none
};

/// The threads that were asked for, as long as it lives.
inline tbb::global_control limit_threads(take_settings const& asked) {
  return tbb::global_control(tbb::global_control::max_allowed_parallelism, asked.threads);
}

inline census::census_options options_of(take_settings const& asked, census::layer_range layers) {
  return {.first_layer = layers.first,
          .last_layer = layers.last,
          .longest_ngram = asked.ngrams,
          .pre_activations = asked.pre_activations,
          .examples = asked.examples,
          .example_bins = asked.example_bins,
          .projections = asked.projections,
          .keep_tables = asked.keep_tables,
          .memory = asked.memory,
          .threads = asked.threads,
          .folder = asked.out};
}

/// What the results will be of, but for what the text tells.
inline census::census_shape shape_of(census::model const& model, census::census_options const& options,
                                     take_settings const& asked) {
  return {.first_layer = static_cast<std::uint32_t>(options.first_layer),
          .layers = options.last_layer - options.first_layer,
          .neurons = model.architecture().ffn_size,
          .domains = {},
          .token_tables = options.keep_tables,
          .states = asked.keep_state,
          .examples = options.keeps_examples(),
          .projections = options.projections > 0};
}

/// Opens the model and the texts, in this order: what is in the way of results is refused before texts are read.
inline opened_census<census::corpus> open_census(take_settings const& asked) {
  auto results = hold_results(asked);
  census::stopwatch watch;
  std::optional<census::model> model;
  census::layer_range layers;
  on_all_ranks([&] {
    model.emplace(census::open_model(asked.model));
    layers = chosen_layers(*model, asked);
    if (results) census::census_folder::claim(*results, shape_of(*model, options_of(asked, layers), asked));
  });
  std::optional<opened_census<census::corpus>> open;
  on_all_ranks([&] {
    auto corpus = open_texts(*model, asked, asked.memory);
    tell_of_reading(*model, corpus, asked);
    auto settings = shared_settings(asked, corpus);
    open.emplace(opened_census<census::corpus>{std::move(watch), *model, layers, std::move(corpus), std::move(settings),
                                               options_of(asked, layers), std::move(results)});
  });
  return std::move(*open);
}

/// What the run will hold, where that is possible, and the model's weights can be read.
template <census::census_model Model, census::census_corpus Corpus>
census::census_plan planned(Model const& running, opened_census<Corpus> const& open, take_settings const& asked) {
  std::optional<census::census_plan> plan;
  on_all_ranks([&] {
    plan.emplace(census::plan_census(running, open.corpus, open.options));
    check_rounding_memory(running, open.model, *plan, asked);
    if (plan->weights_read < std::uint64_t{1} << 29) census::check_weights(open.model, open.layers);  // takes no second
  });
  return std::move(*plan);
}

inline void print_results(census::census_folder const& folder, std::vector<census::neuron_profile> const& profiles,
                          std::vector<census::rounding_error> const& rounding) {
  auto const summaries = census::summarise_layers(folder.layers());
  std::cout << '\n';
  census::print_layer_table(std::cout, folder.layers(), summaries);
  census::print_position_notes(std::cout, folder.layers(), summaries);
  print_rounding(std::cout, rounding);
  if (!profiles.empty()) std::cout << "\nNeurons that answer to few tokens, from as many layers as there are:\n";
  for (auto const& profile : census::most_telling(profiles, 3)) census::print_profile(std::cout, profile);
  std::cout << "\nThe results lie in " << census::printable(folder.path().string()) << ": layers.csv, neurons.csv, "
            << (folder.tells_detectors() ? "detectors.jsonl, " : "")
            << (folder.tells_examples() ? "examples.jsonl, " : "")
            << (folder.tells_projections() ? "projections-LAYER.safetensors, " : "")
            << "dead_share.csv, census.safetensors, run.json\n";
}

/// Takes a census's layers into its folder, and prints each as soon as it is finished; take(layer) may add to it first.
template <class Taken, class Take>
void append_layers(census::census_folder& folder, Taken& taken, census::progress& progress, Take const& take) {
  census::layer_lines lines(std::cout);
  for (auto&& layer : taken) {
    take(layer);
    folder.append(layer);
    progress.aside([&] { lines.print(folder.layers().back()), flush_stdout(); });
  }
}

/// Judges a census whose layers are in the folder, adds what needs all of them, puts it in its place and prints it.
/// `taken` is the range that the layers came from; its seconds follow those that `run` holds.
template <class Taken>
void commit_census(census::census_folder& folder, Taken& taken, census::run_record run, census::progress& progress,
                   std::vector<census::rounding_error> const& rounding = {}) {
  census::judge_positional(folder.layers());
  census::judge_detectors(folder.layers());
  auto const& profiles = taken.profiles();
  folder.append(profiles);
  run.ngrams = taken.ngram_coverage();
  run.seconds.insert(run.seconds.end(), taken.seconds().begin(), taken.seconds().end());
  run.peak_memory = std::max(run.peak_memory, census::peak_memory());
  progress.step("writing the results");
  folder.commit(run);
  progress.finish();
  print_results(folder, profiles, rounding);
}

/// The folder that receives the results, which `open` holds; null on a rank that has none.
template <census::census_corpus Corpus>
std::unique_ptr<census::census_folder> results_folder(opened_census<Corpus>& open, take_settings const& asked) {
  std::unique_ptr<census::census_folder> folder;
  on_all_ranks([&] {
    if (!open.results) return;
    auto shape = shape_of(open.model, open.options, asked);
    shape.domains = open.corpus.domains();
    shape.positions = open.corpus.full_sequences() > 0 ? open.corpus.context() : 0;
    folder = std::make_unique<census::census_folder>(std::move(open.results), shape);
  });
  if (folder && !folder->warning().empty()) std::cerr << "warning: " << census::printable(folder->warning()) << '\n';
  return folder;
}

/// The whole run: `running` is what the opened model runs as, told(plan) is called before the first layer. Of several
/// ranks, each runs it on the texts that are dealt to it, and the first has the results.
template <census::census_model Model, census::census_corpus Corpus, class Told>
void take_census_of(Model const& running, opened_census<Corpus>& open, take_settings const& asked, Told const& told) {
  auto const ranks = exchange_of_ranks(asked);
  open.options.ranks = ranks;
  auto plan = planned(running, open, asked);
  open.settings.emplace_back("rounding_sample", std::to_string(asked.rounding_sample));
  if (ranks) open.settings.emplace_back("ranks", std::to_string(ranks->ranks()));
  auto run = census::describe_run(running, open.corpus, plan, open.settings);
  agree_with_ranks(census::run_identity(run), plan);

  auto const folder = results_folder(open, asked);
  std::optional<census::census_snapshots> snapshots;
  on_all_ranks([&] { snapshots.emplace(snapshots_of(run, plan, asked)); });
  tell_of_resuming(*snapshots, asked);
  if (asked.keep_state && folder) keep_states(snapshots->folder(), open.corpus, plan, *folder);
  census::progress progress;
  plan.options.tell_step = [&](auto const&... step) { progress.step(step...); };
  auto taking = census::take_census(running, open.corpus, plan, *snapshots, progress);
  census::describe(plan, std::cerr);
  told(plan);
  open.watch.lap("open");
  std::vector<census::rounding_error> rounding;
  if (folder) rounding = rounding_of(running, open.model, open.corpus, plan, asked, progress);
  open.watch.lap("rounding");

  std::uint64_t const tokens = tokens_here(open.corpus, plan), last = open.layers.last;
  progress.begin("", tokens * last, census::progress::surveyed);
  auto const add_rounding = [&](census::layer_result& layer) {
    if (!rounding.empty()) layer.census.rounding = rounding[layer.census.layer];
    progress.now("", tokens * (last - layer.census.layer - 1));  // of a run that goes on, too
  };
  if (folder)
    append_layers(*folder, taking, progress, add_rounding);
  else
    static_cast<void>(taking.begin() == taking.end());  // another rank has the layers; to look for one is the work
  run.seconds = open.watch.seconds();
  if (folder) commit_census(*folder, taking, std::move(run), progress, rounding);
  if (ranks) ranks->finish();
  remove_unfinished(*snapshots);
}
