// SPDX-License-Identifier: MIT
// What the subcommands that run a model share: its folder, texts, layers, threads.
#pragma once

#include <census/corpus/open_corpus.hpp>
#include <census/ignored.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/open_model.hpp>
#include <census/printable.hpp>
#include <census/survey/progress.hpp>

#include "command_line.hpp"
#include "settings.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

inline void add_model_options(CLI::App& command, model_options& asked) {
  command.add_option("--model", asked.model, "A Hugging Face folder as published: config.json, weights, tokenizer")
      ->required()
      ->type_name("DIR");
  command
      .add_option(
          "--text", asked.texts,
          "Texts: .txt, .jsonl or .ndjson (a document a line), .json (lines or one list), these also .gz or .zst, .npy "
          "token ids, or folders of these; NAME is the domain, else the file's stem")
      ->required()
      ->type_name("[NAME=]PATH");
  command.add_option("--field", asked.field, "The field of a .jsonl line that holds its text")->capture_default_str();
  command
      .add_option(
          "--split", asked.split,
          "Cut each .txt into documents: at a mark, such as '<|endoftext|>', or at blank lines (default: a file "
          "is one document)")
      ->type_name("MARK|blank-lines");
  add_results_folder(command, asked.out);
  command
      .add_option(
          "--context", asked.context,
          "Tokens of a full sequence, BOS included (default: 2048, or the model's positions where it has fewer)")
      ->transform(whole_number());
  command
      .add_option("--tokens", asked.tokens,
                  "Stop after so many tokens, in whole sequences, domains kept in balance (default: all)")
      ->transform(whole_number());
  command
      .add_option("--layers", asked.layers, "Layers FIRST to LAST - 1; no layer beyond them is computed (default: all)")
      ->type_name("FIRST:LAST");
  command.add_flag("--no-bos", asked.no_bos, "Do not put the model's BOS token before each sequence");
  command.add_flag("--strict", asked.strict,
                   "Refuse what would be ignored: tensors, settings, files, lines that nothing reads");
  add_threads(command, asked.threads);
}

/// Tells how often texts were split, and what was passed over of model and texts; with --strict, throws where there is
/// any of that.
template <class Corpus>
void tell_of_reading(census::model const& model, Corpus const& corpus, model_options const& asked) {
  std::uint64_t splits = 0, texts = 0;
  for (auto const& source : corpus.sources()) splits += source.splits.value_or(0), texts += source.splits.has_value();
  if (!asked.split.empty())
    std::cerr << "split " << splits << " times at '" << census::printable(asked.split) << "', in " << texts
              << (texts == 1 ? " text\n" : " texts\n");
  auto passed_over = model.ignored();
  passed_over.add(corpus.ignored());
  if (asked.strict) census::refuse_ignored(passed_over);
  census::print_ignored(std::cerr, passed_over);
}

/// What was asked for, for the record of the run.
inline std::vector<std::pair<std::string, std::string>> shared_settings(model_options const& asked,
                                                                        census::corpus const& corpus) {
  return {{"model", asked.model},
          {"context", std::to_string(corpus.context())},
          {"layers", asked.layers},
          {"tokens", asked.tokens ? std::to_string(*asked.tokens) : "all"},
          {"bos", corpus.bos() ? "yes" : "no"},
          {"field", asked.field},
          {"split", asked.split}};
}

/// The layers asked for, of a model that has them.
inline auto chosen_layers(census::model const& model, model_options const& asked) {
  return census::layers_of(model.architecture(), census::parse_layers(asked.layers));
}

/// Tells how far texts were read: of the tokens asked for, or of all bytes. `progress` has to outlive it.
inline auto reading_told(census::progress& progress, model_options const& asked) {
  progress.begin("reading texts", 0, asked.tokens ? "tokens" : "MiB", asked.tokens ? 1 : 1 << 20);
  return [&progress, limit = asked.tokens](census::reading_state const& read) {
    limit ? progress.reach(std::min(read.tokens, *limit), *limit) : progress.reach(read.bytes, read.bytes_in_all);
  };
}

/// The texts asked for, read within `memory` bytes: the program and the tokenizer take some, sequences that are held at
/// most 16 MiB, whatever the memory, so that the least that is named where it is too little will do; what is left is
/// for reading.
inline census::corpus open_texts(census::model const& model, model_options const& asked,
                                 std::uint64_t memory = std::uint64_t{4} << 30) {
  constexpr std::uint64_t mebibyte = 1 << 20;
  constexpr std::uint64_t sequences = 16 * mebibyte, others = sequences + 96 * mebibyte;
  std::size_t const positions = model.architecture().max_positions,
                    context = asked.context.value_or(std::min<std::size_t>(2048, positions));
  if (context > positions)
    throw census::bad_input("--context " + std::to_string(context),
                            "the model has only " + std::to_string(positions) + " positions");
  census::progress progress;
  return census::open_corpus(
      model.encoding(), asked.texts,
      {.context = context,
       .bos = !asked.no_bos,
       .tokens = asked.tokens,
       .field = asked.field,
       .split = asked.split,
       .documents = asked.documents,
       .memory = sequences,
       .reading_memory = std::max(16 * mebibyte, memory > others ? (memory - others) / 4 * 3 : 0),
       .tell_reading = reading_told(progress, asked)});
}
