// SPDX-License-Identifier: MIT
// The census of an OPT model on some text: which neurons are dead, which answer to one token, which only tell the
// position.
#include <census/activation/join.hpp>
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/check_input.hpp>
#include <census/model/layers.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/open_model.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/model/product.hpp>
#include <census/projection/layer_profiles.hpp>
#include <census/report/census_folder.hpp>
#include <census/report/layer_table.hpp>
#include <census/report/peak_memory.hpp>
#include <census/report/print_profile.hpp>
#include <census/report/stopwatch.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/pre_activation_survey.hpp>

#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <tbb/global_control.h>
#include <tbb/info.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace {

struct settings {
  std::string model, out, layers = ":", field = "text";
  std::vector<std::string> texts;
  std::size_t threads = static_cast<std::size_t>(tbb::info::default_concurrency());
  std::optional<std::size_t> context;
  std::optional<std::uint64_t> tokens;
  std::uint64_t memory = std::uint64_t{4} << 30;
  std::size_t ngrams = 3;
  bool no_bos = false, keep_tables = false, pre_activations = false;
};

/// What the census will hold and read, and how many bytes of firings it may hold.
struct census_plan {
  census::memory_plan pass;
  std::uint64_t firings = 0, firings_held = 0;
};

/// Fitted into the memory allowed; refused where that is too little, with what would do.
census_plan plan(settings const& asked, census::model const& model, census::corpus const& corpus,
                 census::layer_range layers) {
  auto const& shape = model.architecture();
  std::uint64_t const survey = census::bytes_of_survey({.tokens = corpus.tokens(),
                                                        .sequences = corpus.sequences(),
                                                        .documents = corpus.documents(),
                                                        .distinct_tokens = corpus.distinct_tokens(),
                                                        .positions = corpus.context(),
                                                        .domains = corpus.domains().size(),
                                                        .neurons = shape.ffn_size,
                                                        .layers = layers.last,
                                                        .longest_ngram = asked.ngrams,
                                                        .threads = asked.threads});
  std::uint64_t const text = corpus.bytes_held() + (4 << 20), program = (64 << 20) + 4 * 1024 * shape.hidden_size,
                      a_sequence = 8 * corpus.context() * shape.ffn_size;
  std::size_t const at_once = asked.threads * a_sequence <= asked.memory / 4 ? asked.threads : 1;
  std::uint64_t const values = asked.pre_activations ? at_once * a_sequence : 0;
  auto const pass = [&](std::uint64_t firings_held) {
    try {
      return census::plan_layers(model, layers, corpus.tokens(), corpus.context(), asked.threads,
                                 survey + text + program + values + firings_held, asked.memory);
    } catch (census::bad_input const& error) {
      if (asked.ngrams == 1) throw;
      throw census::bad_input(error.what(), "--ngrams 1 needs less");
    }
  };
  census_plan plan{pass(0), 0, 0};
  if (asked.ngrams > 1) plan.firings = census::kept_firings::bytes(corpus.tokens(), shape.ffn_size);
  plan.firings_held = std::min(plan.firings, (asked.memory - (plan.pass.total() - plan.pass.residuals_held)) / 2);
  plan.pass = pass(plan.firings_held);
  if (asked.pre_activations) plan.pass.rows_per_block = at_once * corpus.context();
  return plan;
}

void print_plan(census::corpus const& corpus, census_plan const& planned) {
  auto const& plan = planned.pass;
  auto const mebibytes = [](std::uint64_t bytes) { return std::to_string((bytes >> 20) + 1) + " MiB"; };
  std::cerr << corpus.tokens() << " tokens, " << corpus.distinct_tokens() << " of them distinct, in "
            << corpus.sequences() << " sequences of " << corpus.documents() << " documents\n"
            << "memory: at most " << mebibytes(plan.total()) << ", of these " << mebibytes(plan.weights)
            << " a layer's weights, " << mebibytes(plan.working) << " to work in, " << mebibytes(plan.elsewhere)
            << " tables and text, " << mebibytes(plan.residuals_held) << " residual streams";
  if (plan.residuals_held < plan.residuals)
    std::cerr << " (the other " << mebibytes(plan.residuals - plan.residuals_held) << " wait in a file in --out)";
  if (planned.firings_held < planned.firings)
    std::cerr << "; of a layer's firings " << mebibytes(planned.firings - planned.firings_held)
              << " lie in a file in --out";
  std::cerr << "; one pass over " << mebibytes(plan.weights_read) << " of weights\n";
  if (auto const kernel = census::better_kernel())
    std::cerr << "hint: OpenBLAS does not know this processor and leaves out its AVX-512; with OPENBLAS_CORETYPE="
              << *kernel << " in the environment it may be 1.5 times as fast (docs/benchmarks.md)\n";
  if (corpus.full_sequences() == 0)
    std::cerr << "warning: no document fills a sequence of " << corpus.context()
              << " tokens, so nothing will be said about position; a smaller --context would\n";
  else if (corpus.full_sequences() < 10)
    std::cerr << "warning: with " << corpus.full_sequences()
              << " full sequences, chance alone makes neurons positional\n";
}

census::run_record describe(settings const& asked, census::model const& model, census::corpus const& corpus) {
  census::run_record run;
  run.blas = census::blas_description();
  for (auto const* name : {"config.json", "vocab.json", "merges.txt", "tokenizer.json"})
    if (auto const path = std::filesystem::path(asked.model) / name; std::filesystem::exists(path)) {
      auto const bytes = census::read_file(path);
      run.model.push_back({path.string(), "", bytes.size(), census::content_hash(bytes)});
    }
  for (auto const& file : model.weights().files().files())
    run.model.push_back({file.place(), "", file.bytes().size(), census::sampled_hash(file.text())});
  for (auto const& text : corpus.sources()) run.texts.push_back({text.path, text.domain, text.bytes, text.hash});
  run.settings = {{"model", asked.model},
                  {"context", std::to_string(corpus.context())},
                  {"layers", asked.layers},
                  {"tokens", asked.tokens ? std::to_string(*asked.tokens) : "all"},
                  {"bos", asked.no_bos ? "no" : "yes"},
                  {"field", asked.field},
                  {"memory", std::to_string(asked.memory)},
                  {"ngrams", std::to_string(asked.ngrams)},
                  {"pre_activations", asked.pre_activations ? "yes" : "no"},
                  {"threads", std::to_string(asked.threads)}};
  for (std::size_t d = 0; d < corpus.domains().size(); ++d)
    run.tokens_by_domain.emplace_back(corpus.domains()[d], corpus.tokens_in(d));
  run.documents = corpus.documents(), run.sequences = corpus.sequences(), run.full_sequences = corpus.full_sequences();
  return run;
}

void take_census(settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  census::stopwatch watch;
  auto const model = census::open_model(asked.model);
  auto const layers = census::layers_of(model.architecture(), census::parse_layers(asked.layers));
  std::size_t const positions = model.architecture().max_positions,
                    context = asked.context.value_or(std::min<std::size_t>(2048, positions));
  if (context > positions)
    throw census::bad_input("--context " + std::to_string(context),
                            "the model has only " + std::to_string(positions) + " positions");
  auto const corpus = census::open_corpus(model.tokenizer(), asked.texts,
                                          {.context = context,
                                           .bos = !asked.no_bos,
                                           .tokens = asked.tokens,
                                           .field = asked.field,
                                           .memory = std::min<std::uint64_t>(64 << 20, asked.memory / 16)});
  auto const memory = plan(asked, model, corpus, layers);
  if (memory.pass.weights_read < std::uint64_t{1} << 29) census::check_weights(model, layers);  // takes no second
  census::census_folder folder(asked.out, {static_cast<std::uint32_t>(layers.first), layers.last - layers.first,
                                           model.architecture().ffn_size, corpus.domains(),
                                           corpus.full_sequences() > 0 ? context : 0});
  auto const texts = corpus.texts(memory.pass.rows_per_block);
  auto activations =
      census::layers(model, texts,
                     {.layers = {0, layers.last},
                      .keep_values = asked.pre_activations ? census::pre_activations : census::kept_values(false),
                      .residual_memory = memory.pass.residuals_held,
                      .residual_folder = asked.out});
  print_plan(corpus, memory);
  auto run = describe(asked, model, corpus);
  watch.lap("open");

  std::vector<census::ngram_rows> ngrams;
  if (asked.ngrams > 1) {
    auto const whole = census::join(texts, corpus.tokens());
    for (std::size_t n = 2; n <= asked.ngrams; ++n) ngrams.emplace_back(n, whole);
  }
  for (census::ngram_rows const& rows : ngrams)
    run.ngrams.emplace_back(rows.n(), census::coverage_of(census::occurrence_counts(rows)));
  watch.lap("n-grams");

  auto const decode = [&](census::token_id token) { return model.tokenizer().decode(token); };
  census::profile_builder profiles(decode);
  auto const gain = model.final_gain();
  census::progress progress(corpus.tokens() * layers.last);
  for (std::uint32_t next = 0; auto&& layer : activations) {
    std::uint32_t const number = next++;
    if (number < layers.first) {  // on the way to the first layer asked for
      census::survey(layer, progress);
      continue;
    }
    auto const ranges = census::pre_activation_ranges(model.architecture(), activations.weights());
    census::paper_survey seen(
        {.keep_firings = asked.ngrams > 1, .kept_memory = memory.firings_held, .folder = asked.out});
    census::pre_activation_survey near(number, ranges);
    if (asked.pre_activations)
      census::survey(layer, seen, near, progress);
    else
      census::survey(layer, seen, progress);
    watch.lap("survey");

    auto taken = seen.take(number, ngrams);
    taken.pre_activations = near.take();
    auto const by_token = seen.by_token(number);
    census::add_profiles(profiles, taken, by_token, ngrams, [&](std::uint32_t neuron) -> census::seen_update {
      auto const update = model.update(number, neuron);
      return {model.on_embedding(update), model.on_embedding(census::centred_update(update, gain))};
    });
    model.weights().drop(number);
    if (asked.keep_tables) folder.keep(number, by_token);
    folder.append(std::move(taken), seen.by_domain(number), seen.by_position(number));
    watch.lap("statistics");
  }
  progress.finish();
  census::trigger_nulls const nulls(census::count_successions(texts), model.tokenizer().vocabulary_size(), decode);
  auto const& all =
      profiles.project([&](std::size_t first, std::size_t count) { return model.embedding_rows(first, count); }, nulls);
  folder.append(all);
  watch.lap("projection");
  run.seconds = watch.seconds(), run.peak_memory = census::peak_memory();
  folder.commit(run);

  census::print_layer_table(std::cout, folder.layers());
  std::cout << "\nNeurons that answer to few tokens, from as many layers as there are:\n";
  for (auto const& profile : census::most_telling(all, 3)) census::print_profile(std::cout, profile);
  std::cout << "\nThe results lie in " << folder.path().string()
            << ": layers.csv, neurons.csv, detectors.jsonl, dead_share.csv, census.safetensors, run.json\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::Validator const whole_number(
      [](std::string& text) {
        bool const digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        return digits && text.find_first_not_of('0') != std::string::npos ? "" : "should be a whole number from 1";
      },
      "COUNT");
  CLI::Validator const not_negative(
      [](std::string& text) { return text.starts_with('-') ? "should be a size, such as 4GiB" : ""; }, "");
  settings asked;
  CLI::App app{"Takes the census of the neurons of an OPT model: which are dead, which answer to one token, which only "
               "tell the position.",
               "opt_census"};
  app.add_option("--model", asked.model, "A Hugging Face folder as published: config.json, weights, tokenizer")
      ->required()
      ->type_name("DIR");
  app.add_option(
         "--text", asked.texts,
         "Texts: .txt, .jsonl (a document a line), both also .gz or .zst, .npy token ids, or folders of these; NAME "
         "is the domain, else the file's stem")
      ->required()
      ->type_name("[NAME=]PATH");
  app.add_option("--field", asked.field, "The field of a .jsonl line that holds its text")->capture_default_str();
  app.add_option("--out", asked.out, "The folder that receives the results; it is made where it is missing")
      ->required()
      ->type_name("DIR");
  app.add_option("--context", asked.context,
                 "Tokens of a full sequence, BOS included (default: 2048, or the model's positions where it has fewer)")
      ->check(whole_number);
  app.add_option("--tokens", asked.tokens,
                 "Stop after so many tokens, in whole sequences, domains kept in balance (default: all)")
      ->check(whole_number);
  app.add_option("--layers", asked.layers, "Layers FIRST to LAST - 1; no layer beyond them is computed (default: all)")
      ->type_name("FIRST:LAST");
  app.add_flag("--no-bos", asked.no_bos, "Do not put the model's BOS token before each sequence");
  app.add_option(
         "--ngrams", asked.ngrams,
         "Detectors of n-grams up to this n. 1 keeps no firings, which else take an eighth of a byte a token and "
         "neuron, in memory or in a file, but tells of tokens alone")
      ->capture_default_str()
      ->check(CLI::Range(1, 5));
  app.add_flag("--pre-activations", asked.pre_activations,
               "Also keep what goes into the activation function: firings that rounding may have decided, and how near "
               "each neuron came to firing. Slower");
  app.add_option("--memory", asked.memory, "The most memory to use; a census that needs more does not begin")
      ->check(not_negative)
      ->transform(CLI::AsSizeValue(false))
      ->default_str("4GiB");
  app.add_option("--threads", asked.threads, "Threads; the results do not depend on them")
      ->capture_default_str()
      ->check(whole_number)
      ->check(CLI::Range(1, 4096));
  app.add_flag(
      "--keep-tables", asked.keep_tables,
      "Keep each layer's table by token, tokens-LAYER.safetensors, so that counts of several texts can be added");
  app.footer(
      "Example: opt_census --model models/opt-125m --text wiki=wiki.txt code=code.jsonl --out census-125m\n"
      "In --out: run.json (what was run on what), layers.csv and neurons.csv (a row a layer, a neuron), "
      "detectors.jsonl (a line a detector), dead_share.csv, census.safetensors (the counts). docs/results.md explains "
      "each column and when not to believe it; compare_census shows several folders side by side.\n"
      "Exit: 0 done, 2 bad input or usage, 1 anything else. Earlier results stay whole unless the census is done.");
  return run(app, argc, argv, [&] { take_census(asked); });
}
