// SPDX-License-Identifier: MIT
// census merge: censuses of different documents as one. Where their states were kept (census take --part), it is the
// census that one run would have taken; else what their counts tell.
#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/report/census_folder.hpp>
#include <census/report/merge_runs.hpp>
#include <census/report/overlap.hpp>
#include <census/report/read_run_json.hpp>
#include <census/survey/census_snapshots.hpp>
#include <census/survey/kept_corpus.hpp>

#include "command_line.hpp"
#include "merge_run.hpp"

#include <tbb/global_control.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Reads what was run, and refuses what cannot be added, or would count something twice.
std::vector<census::run_record> runs_of(merge_settings const& asked) {
  std::vector<census::run_record> runs;
  for (auto const& folder : asked.censuses) {
    std::error_code unknown;
    if (fs::equivalent(folder, asked.out, unknown))
      throw census::bad_input(asked.out, "is one of the censuses to merge; --out is to be another folder");
    auto const run = census::read_run_of(folder);
    if (run.texts.empty() && asked.censuses.size() > 1)
      std::cerr << census::printable("warning: " + folder +
                                     ": its run.json tells no texts, so nothing says whether another of the censuses "
                                     "counts the same")
                << '\n';
    for (std::size_t i = 0; i < runs.size(); ++i) {
      std::string const beside = " (" + asked.censuses[i] + " beside it)";
      if (fs::equivalent(folder, asked.censuses[i], unknown))
        throw census::bad_input(folder,
                                "would count twice what " + asked.censuses[i] + " counts, too: it is the same folder");
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

/// The records of all censuses as one.
census::run_record joined(merge_settings const& asked, std::vector<census::run_record> const& runs) {
  auto all = runs.front();
  for (std::size_t i = 1; i < runs.size(); ++i) try {
      all = census::joined(std::move(all), runs[i]);
    } catch (std::invalid_argument const& error) {  // of parts
      throw census::bad_input(asked.censuses[i], "cannot be merged with those before it: " + std::string(error.what()));
    }
  return all;
}

/// Why the censuses cannot be merged from states; nothing where they can.
std::string why_without_states(merge_settings const& asked, std::vector<census::run_record> const& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (std::ranges::find(runs[i].results, census::text_state_name) == runs[i].results.end())
      return asked.censuses[i] + " keeps no states (census take --keep-state, --part)";
  for (std::size_t i = 1; i < runs.size(); ++i)
    if (!census::of_one_corpus(runs[0], runs[i]))
      return asked.censuses[i] + " is of another corpus than " + asked.censuses[0] +
             ", so documents have the same numbers";
  return {};
}

/// Refuses options that a merge of counts would not heed.
void refuse_what_needs_states(merge_settings const& asked, std::string const& why) {
  for (auto const& [option, is_given] :
       {std::pair("--keep-state", asked.keep_state), std::pair("--model", !asked.model.empty()),
        std::pair("--memory", asked.tells_memory)})
    if (is_given) throw census::bad_input(option, "needs states, but " + why);
}

void merge(merge_settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  auto const runs = runs_of(asked);
  auto results = census::census_folder::hold(asked.out);
  census::census_snapshots::refuse_unfinished(fs::path(asked.out) / "unfinished");
  auto run = joined(asked, runs);
  auto const why = why_without_states(asked, runs);
  if (!why.empty()) refuse_what_needs_states(asked, why);
  why.empty() ? merge_states(asked, runs, std::move(run), std::move(results))
              : merge_tables(asked, runs, std::move(run), std::move(results), why);
}

}  // namespace

void add_merge(CLI::App& program) {
  auto const asked = std::make_shared<merge_settings>();
  CLI::App& command = *program.add_subcommand(
      "merge", "Merges censuses of different documents: parts of one text become the census of the whole.");
  command.add_option("census", asked->censuses, "Folders that census take or census merge wrote, in any order")
      ->required()
      ->type_name("FOLDER");
  add_results_folder(command, asked->out);
  command
      .add_option("--model", asked->model,
                  "The model's folder, which tells token texts and what neurons promote (default: where the first "
                  "census found it); not for a merge of counts, which needs none")
      ->type_name("DIR");
  CLI::Option const* const memory =
      add_size(command, "--memory", asked->memory,
               "The most memory to merge states in; a merge that needs more does not begin. Not for a merge of counts, "
               "which are added a layer at a time")
          .default_str("4GiB");
  add_threads(command, asked->threads);
  command.add_flag("--keep-tables", asked->keep_tables, "Keep each layer's table by token, tokens-LAYER.safetensors");
  command.add_flag("--keep-state", asked->keep_state, "Keep states, so that the result can be merged with other parts");
  command.footer(
      "Censuses that kept their states, as census take --part does, and are of one text become what one run gives, "
      "byte for byte but for times. Of others, counts of firings are added, by domain and position; what these do not "
      "tell is left out and named. Censuses of other models, or with other settings, are refused, and so is what would "
      "be counted twice.\n"
      "Example: census take --model m --text wiki.txt --part 1/2 --out a   # here\n"
      "         census take --model m --text wiki.txt --part 2/2 --out b   # elsewhere\n"
      "         census merge a b --out whole");
  command.callback([asked, memory] {
    asked->tells_memory = memory->count() > 0;
    merge(*asked);
  });
}
