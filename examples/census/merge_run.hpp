// SPDX-License-Identifier: MIT
// What `census merge` makes its results of: states where they were kept, else counts.
#pragma once

#include <census/archive/own_files.hpp>
#include <census/error.hpp>
#include <census/parse_number.hpp>
#include <census/printable.hpp>
#include <census/report/add_tables.hpp>
#include <census/report/describe_run.hpp>
#include <census/report/merge_runs.hpp>
#include <census/report/read_tables_file.hpp>
#include <census/report/run_json.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/survey/kept_corpus.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/merge_census.hpp>

#include "keep_states.hpp"
#include "take_run.hpp"

#include <tbb/info.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct merge_settings {
  std::vector<std::string> censuses;
  std::string out, model;
  std::uint64_t memory = std::uint64_t{4} << 30;
  std::size_t threads = static_cast<std::size_t>(tbb::info::default_concurrency());
  bool keep_tables = false, keep_state = false, tells_memory = false;  ///< tells_memory: --memory was given
};

/// Throws bad_input where two censuses have the same counts, and one does not tell of what texts.
inline void check_counted_once(merge_settings const& asked, std::vector<census::run_record> const& runs,
                               std::vector<census::stored_tables> const& censuses) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (std::size_t before = 0; before < i; ++before)
      if ((runs[i].texts.empty() || runs[before].texts.empty()) && censuses[i].has_counts_of(censuses[before]))
        throw census::bad_input(asked.censuses[i], "would count twice what " + asked.censuses[before] +
                                                       " counts, too: every count of the two is the same");
}

/// The tables that are stored beside the censuses, which have to be of the same neurons.
inline census::added_tables tables_of(merge_settings const& asked, std::vector<census::run_record> const& runs) {
  std::vector<census::stored_tables> censuses;
  for (std::size_t i = 0; i < runs.size(); ++i)
    censuses.emplace_back(std::filesystem::path(asked.censuses[i]) / "census.safetensors", runs[i].results);
  check_counted_once(asked, runs, censuses);
  return census::added_tables(std::move(censuses));
}

/// A setting that is a whole number of a few digits; 0 where it is not told.
inline std::size_t count_of(census::run_record const& run, char const* setting) {
  auto const told = run.setting(setting).value_or("0");
  auto const count = census::parse_number<std::size_t>(told);
  if (!count || *count > 9999) throw census::bad_input(setting, "the censuses tell " + told);
  return *count;
}

inline std::size_t longest_ngram(census::run_record const& run) {
  auto const told = count_of(run, "ngrams");
  if (told < 1 || told > 9) throw census::bad_input("ngrams", "the censuses tell " + std::to_string(told));
  return told;
}

/// Throws bad_input where files of the censuses hold another number of tokens than their run.json tell of.
inline void check_tokens(std::string const& name, std::uint64_t tokens, census::run_record const& run) {
  std::uint64_t told = 0;
  for (auto const& [domain, of_domain] : run.tokens_by_domain) told += of_domain;
  if (tokens != told && !run.tokens_by_domain.empty())
    throw census::bad_input(name, "those of the censuses hold " + std::to_string(tokens) +
                                      " tokens, and their run.json tell of " + std::to_string(told) +
                                      ": one of them is of another census");
}

/// Throws bad_input where the states of a layer, merged, hold other firings than the censuses' stored counts.
inline void check_firings(census::layer_result const& merged, census::added_tables const& counts) {
  if (merged.census.liveness.firings != counts.firings(merged.census.layer - counts.shape().first_layer))
    throw census::bad_input(census::state_file_name(merged.census.layer),
                            "those of the censuses hold other firings than their census.safetensors tell of: one of "
                            "them is of another census, or another model");
}

/// The censuses of parts of one corpus, from their states, into the folder that is held.
inline void merge_states(merge_settings const& asked, std::vector<census::run_record> const& runs,
                         census::run_record run, std::unique_ptr<census::own_files> results) {
  auto const counts = tables_of(asked, runs);
  auto shape = counts.shape();
  census::census_options const options{.first_layer = shape.first_layer,
                                       .last_layer = shape.first_layer + shape.layers,
                                       .longest_ngram = longest_ngram(run),
                                       .pre_activations = run.setting("pre_activations") == "yes",
                                       .examples = count_of(run, "examples"),
                                       .example_bins = count_of(run, "example_bins"),
                                       .projections = count_of(run, "projections"),
                                       .keep_tables = asked.keep_tables,
                                       .memory = asked.memory,
                                       .threads = asked.threads,
                                       .folder = asked.out};
  shape.token_tables = asked.keep_tables, shape.states = asked.keep_state;
  shape.examples = options.keeps_examples(), shape.projections = options.projections > 0;
  census::census_folder::claim(*results, shape);
  std::string const path = asked.model.empty() ? run.setting("model").value_or("") : asked.model;
  if (!std::filesystem::is_directory(path))
    throw census::bad_input(path, "the model is not there any more; --model DIR says where it is");
  census::stopwatch watch;
  census::progress progress;
  progress.step("opening the model and the parts");
  auto const model = census::open_model(path);
  for (auto const& difference : census::differing_files(census::files_of(census::origin_of(model)), run.model))
    throw census::bad_input(path, "is not the model that the censuses are of: " + difference);
  std::vector<std::filesystem::path> const folders(asked.censuses.begin(), asked.censuses.end());
  auto const corpus = census::read_kept_corpus(model, folders);
  check_tokens(census::text_state_name, corpus.tokens(), run);
  auto plan = census::plan_merge(model, corpus, options);
  shape.positions = corpus.full_sequences() > 0 ? corpus.context() : 0;
  census::census_folder folder(std::move(results), shape);
  if (asked.keep_state) stage_states(corpus, plan, folder);
  run.halves = plan.halves;
  watch.lap("open");
  for (auto const& [phase, seconds] : watch.seconds()) run.seconds.emplace_back("merge: " + phase, seconds);
  progress.begin("merging", shape.layers, "layers");
  plan.options.tell_step = [&](auto const&... step) { progress.step(step...); };
  auto taken = census::merge_census(model, corpus, plan, folders);
  append_layers(folder, taken, progress, [&](auto const& layer) {
    check_firings(layer, counts);
    progress.advance(1);
  });
  commit_census(folder, taken, std::move(run), progress);
}

/// What the stored counts alone tell, into the folder that is held.
inline void merge_tables(merge_settings const& asked, std::vector<census::run_record> const& runs,
                         census::run_record run, std::unique_ptr<census::own_files> results, std::string const& why) {
  auto const added = tables_of(asked, runs);
  auto shape = added.shape();
  shape.token_tables = asked.keep_tables;
  census::census_folder folder(std::move(results), shape);
  bool has_tokens = true;
  census::layer_lines lines(std::cout);
  census::progress progress;
  progress.begin("adding counts", shape.layers, "layers");
  for (std::size_t i = 0; i < shape.layers; ++i) {
    auto layer = added.at(i);
    check_tokens("census.safetensors", layer.census.liveness.tokens, run);
    has_tokens = has_tokens && layer.by_token;
    if (asked.keep_tables && !layer.by_token)
      throw census::bad_input("--keep-tables",
                              "not all of the censuses keep tables by token (census take --keep-tables)");
    if (!asked.keep_tables) layer.by_token.reset();
    folder.append(layer);
    progress.aside([&] { lines.print(folder.layers().back()), flush_stdout(); });
    progress.advance(1);
  }
  census::judge_positional(folder.layers());
  run.peak_memory = std::max(run.peak_memory, census::peak_memory());
  progress.step("writing the results");
  folder.commit(run);
  progress.finish();
  std::cerr << census::printable("merged from counts alone, for " + why)
            << "\nleft out, for counts do not tell it: " << (has_tokens ? "" : "tokens and their detectors; ")
            << "n-grams; documents (dead_share.csv, firing_rate_upper_95, still_to_wake, what supports detectors, "
               "verdicts); what detectors do (detectors.jsonl) and neurons promote (projections); what decoys, "
               "intervals and sequences inside documents say of position; pre-activations; examples; rounding\n";
  print_results(folder, {}, {});
}
