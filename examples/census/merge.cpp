// SPDX-License-Identifier: MIT
// census merge: censuses of different documents as one. Where their states were kept (census take --part), it is the
// census that one run would have taken; else what their counts tell.
#include <census/error.hpp>
#include <census/report/add_tables.hpp>
#include <census/report/merge_runs.hpp>
#include <census/report/overlap.hpp>
#include <census/report/read_run_json.hpp>
#include <census/survey/merge_census.hpp>

#include "command_line.hpp"
#include "take_run.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct settings {
  std::vector<std::string> censuses;
  std::string out, model;
  std::uint64_t memory = std::uint64_t{4} << 30;
  std::size_t threads = static_cast<std::size_t>(tbb::info::default_concurrency());
  bool keep_tables = false, keep_state = false;
};

/// Reads what was run, and refuses what cannot be added, or would count something twice.
std::vector<census::run_record> runs_of(settings const& asked) {
  std::vector<census::run_record> runs;
  for (auto const& folder : asked.censuses) {
    std::error_code unknown;
    if (fs::equivalent(folder, asked.out, unknown))
      throw census::bad_input(asked.out, "is one of the censuses to merge; --out is to be another folder");
    auto const run = census::read_run_json(fs::path(folder) / "run.json");
    for (std::size_t i = 0; i < runs.size(); ++i) {
      std::string const beside = " (" + asked.censuses[i] + " beside it)";
      for (auto const& cause : census::not_addable(runs[i], run)) throw census::bad_input(folder, cause + beside);
      for (auto const& both : census::overlap(runs[i], run))
        throw census::bad_input(folder, "would count twice what " + asked.censuses[i] + " counts, too: " + both);
      for (auto const& warning : census::rounded_otherwise(runs[i], run))
        std::cerr << census::printable("warning: " + folder + ": " + warning + beside +
                                       ", so a few firings may not be those of one run")
                  << '\n';
    }
    runs.push_back(run);
  }
  return runs;
}

/// Why the censuses cannot be merged from states; nothing where they can.
std::string why_without_states(settings const& asked, std::vector<census::run_record> const& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (std::ranges::find(runs[i].results, census::text_state_name) == runs[i].results.end())
      return asked.censuses[i] + " keeps no states (census take --keep-state, --part)";
  for (std::size_t i = 1; i < runs.size(); ++i)
    if (!census::of_one_corpus(runs[0], runs[i]))
      return asked.censuses[i] + " is of another corpus than " + asked.censuses[0] +
             ", so documents have the same numbers";
  return {};
}

/// The censuses of parts of one corpus, from their states.
void merge_states(settings const& asked, census::run_record run) {
  std::string const path = asked.model.empty() ? run.setting("model").value_or("") : asked.model;
  if (!fs::is_directory(path))
    throw census::bad_input(path, "the model is not there any more; --model DIR says where it is");
  census::stopwatch watch;
  auto const model = census::open_model(path);
  std::vector<census::run_record::file> files;
  for (auto const& file : census::origin_of(model).files) files.push_back({file.path, "", file.bytes, file.hash});
  for (auto const& difference : census::differing_files(files, run.model))
    throw census::bad_input(path, "is not the model that the censuses are of: " + difference);
  std::vector<fs::path> const folders(asked.censuses.begin(), asked.censuses.end());
  auto const corpus = census::read_kept_corpus(folders);
  census::stored_tables const first(folders.front() / "census.safetensors");
  auto shape = first.shape();
  auto plan = census::plan_merge(model, corpus,
                                 {.first_layer = shape.first_layer,
                                  .last_layer = shape.first_layer + shape.layers,
                                  .longest_ngram = std::stoul(run.setting("ngrams").value_or("1")),
                                  .pre_activations = run.setting("pre_activations") == "yes",
                                  .keep_tables = asked.keep_tables,
                                  .memory = asked.memory,
                                  .threads = asked.threads,
                                  .folder = asked.out});
  shape.positions = corpus.full_sequences() > 0 ? corpus.context() : 0;
  shape.token_tables = asked.keep_tables, shape.states = asked.keep_state;
  census::census_folder folder(asked.out, shape);
  fs::path const unfinished = fs::path(asked.out) / "unfinished";
  if (asked.keep_state) fs::create_directories(unfinished), keep_states(unfinished, corpus, plan, folder);
  run.halves = plan.halves;
  watch.lap("open");
  for (auto const& [phase, seconds] : watch.seconds()) run.seconds.emplace_back("merge: " + phase, seconds);
  auto taken = census::merge_census(model, corpus, plan, folders);
  for (auto&& layer : taken) folder.append(layer);
  commit_census(folder, taken, std::move(run));
  if (asked.keep_state) remove_states(unfinished, plan);
}

/// What the stored counts alone tell.
void merge_tables(settings const& asked, census::run_record run, std::string const& why) {
  std::vector<census::stored_tables> censuses;
  for (auto const& folder : asked.censuses) censuses.emplace_back(fs::path(folder) / "census.safetensors");
  census::added_tables const added(std::move(censuses));
  census::census_folder folder(asked.out, added.shape());
  for (std::size_t i = 0; i < added.shape().layers; ++i) folder.append(added.at(i));
  census::judge_positional(folder.layers());
  run.peak_memory = std::max(run.peak_memory, census::peak_memory());
  folder.commit(run);
  std::cerr << census::printable("merged from counts alone, for " + why)
            << "\nleft out, for counts do not tell it: tokens, n-grams and detectors; documents (dead_share.csv, "
               "firing_rate_upper_95, still_to_wake); what decoys, intervals and sequences inside documents say of "
               "position; pre-activations; rounding\n";
  print_results(folder, {}, {});
}

void merge(settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  auto const runs = runs_of(asked);
  auto run = runs.front();
  for (std::size_t i = 1; i < runs.size(); ++i) run = census::joined(std::move(run), runs[i]);
  auto const why = why_without_states(asked, runs);
  if (!why.empty() && (asked.keep_state || asked.keep_tables))
    throw census::bad_input(asked.keep_state ? "--keep-state" : "--keep-tables", "needs states, but " + why);
  why.empty() ? merge_states(asked, std::move(run)) : merge_tables(asked, std::move(run), why);
}

}  // namespace

void add_merge(CLI::App& program) {
  auto const asked = std::make_shared<settings>();
  CLI::App& command = *program.add_subcommand(
      "merge", "Merges censuses of different documents: parts of one text become the census of the whole.");
  command.add_option("census", asked->censuses, "Folders that census take or census merge wrote, in any order")
      ->required()
      ->type_name("FOLDER");
  command.add_option("--out", asked->out, "The folder that receives the results; it is made where it is missing")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--model", asked->model,
                  "The model's folder, which tells token texts and what neurons promote (default: where the first "
                  "census found it)")
      ->type_name("DIR");
  add_size(command, "--memory", asked->memory, "The most memory to use; a merge that needs more does not begin")
      .default_str("4GiB");
  command.add_option("--threads", asked->threads, "Threads; the results do not depend on them")
      ->capture_default_str()
      ->check(whole_number())
      ->check(CLI::Range(1, 4096));
  command.add_flag("--keep-tables", asked->keep_tables, "Keep each layer's table by token, tokens-LAYER.safetensors");
  command.add_flag("--keep-state", asked->keep_state, "Keep states, so that the result can be merged with other parts");
  command.footer(
      "Censuses that kept their states, as census take --part does, and are of one text become what one run gives, "
      "byte "
      "for byte but for times. Of others, counts of firings are added, by domain and position; what these do not tell "
      "is left out and named. Censuses of other models, or with other settings, are refused, and so is what would be "
      "counted twice.\n"
      "Example: census take --model m --text wiki.txt --part 1/2 --out a   # here\n"
      "         census take --model m --text wiki.txt --part 2/2 --out b   # elsewhere\n"
      "         census merge a b --out whole");
  command.callback([asked] { merge(*asked); });
}
