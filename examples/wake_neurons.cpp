// SPDX-License-Identifier: MIT
// Are silent neurons dead? Which are, provably, whatever the input; which wake up once one looks for the right input;
// of which neither is known.
#include <census/accumulator/largest_values.hpp>
#include <census/accumulator/near_zero.hpp>
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/opt/layers.hpp>
#include <census/model/opt/pre_activation_ranges.hpp>
#include <census/model/opt/replay.hpp>
#include <census/report/csv.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/whole_file.hpp>
#include <census/survey/activation_search.hpp>

#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <tbb/global_control.h>
#include <tbb/info.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

struct settings {
  std::string model, out, layers = ":", census;
  std::vector<std::string> texts;
  std::optional<std::size_t> context;
  std::optional<std::uint64_t> tokens;
  std::size_t rounds = 40, shuffles = 2, proposals = 4096, longest = 16;
  std::size_t threads = static_cast<std::size_t>(tbb::info::default_concurrency());
  std::uint64_t seed = 1;
};

/// A layer on the text, and what its weights prove.
struct layer_record {
  std::uint32_t number = 0;
  std::vector<census::pre_activation_range> ranges;
  std::vector<census::largest_value> largest;
  std::vector<census::near_zero_counts> near;
  std::vector<std::uint32_t> silent;  ///< ascending

  bool proven(std::uint32_t neuron, census::liveness_proof what) const { return ranges[neuron].proof() == what; }
};

/// The neurons without firings in a census that was taken before, [layer].
std::map<std::uint32_t, std::vector<std::uint32_t>> silent_in(std::filesystem::path const& folder) {
  census::csv_reader csv(folder / "neurons.csv");
  auto const layer = csv.need("layer"), neuron = csv.need("neuron"), firings = csv.need("firings");
  std::map<std::uint32_t, std::vector<std::uint32_t>> silent;
  while (csv.next()) {
    auto const l = csv.count(layer), n = csv.count(neuron), fired = csv.count(firings);
    if (!l || !n || !fired) throw census::bad_input(csv.place(), "is no row of a neuron");
    auto& of_layer = silent[static_cast<std::uint32_t>(*l)];
    if (*fired == 0) of_layer.push_back(static_cast<std::uint32_t>(*n));
  }
  return silent;
}

/// One pass over the text, layer by layer.
std::vector<layer_record> survey_text(census::opt::model const& model, census::corpus const& corpus,
                                      census::opt::layer_range layers, std::size_t rows_per_block) {
  std::vector<layer_record> records;
  std::vector<std::vector<double>> bounds(layers.last);
  for (std::size_t l = layers.first; l < layers.last; ++l) {
    records.push_back({static_cast<std::uint32_t>(l), census::opt::pre_activation_ranges(model, l), {}, {}, {}});
    for (auto const& range : records.back().ranges) bounds[l].push_back(range.likely_rounding());
  }
  census::progress progress(corpus.tokens() * (layers.last - layers.first));
  auto record = records.begin();
  for (auto&& layer : census::opt::layers(
           model, corpus,
           {.layers = layers, .rows_per_block = rows_per_block, .keep_values = census::opt::pre_activations})) {
    census::largest_values largest;
    census::near_zero near(bounds);
    census::survey(layer, largest, near, progress);
    auto const values = largest.at(record->number);
    auto const counts = near.at(record->number);
    record->largest.assign(values.begin(), values.end());
    record->near.assign(counts.begin(), counts.end());
    for (std::uint32_t n = 0; n < counts.size(); ++n)
      if (counts[n].firings == 0) record->silent.push_back(n);
    ++record;
  }
  progress.finish();
  return records;
}

/// Looks for inputs that wake the silent neurons of which nothing is proven.
census::activation_search search_for_wakings(settings const& asked, census::opt::model const& model,
                                             census::corpus const& corpus, std::vector<layer_record> const& records,
                                             census::opt::layer_range layers) {
  std::vector<std::vector<std::uint32_t>> silent(layers.last);
  for (layer_record const& layer : records)
    for (std::uint32_t const n : layer.silent)
      if (!layer.proven(n, census::liveness_proof::dead)) silent[layer.number].push_back(n);
  census::activation_search search(silent, {.vocabulary_size = model.tokenizer().vocabulary_size(),
                                            .bos = corpus.bos(),
                                            .longest = std::min(asked.longest, model.config().max_positions),
                                            .proposals = asked.proposals,
                                            .seed = asked.seed});
  auto const try_out = [&](std::string const& what, std::vector<census::shared_text> const& texts) {
    if (texts.empty()) return;
    search.now_trying(what);
    for (auto&& layer :
         census::opt::layers(model, texts, {.layers = layers, .keep_values = census::opt::pre_activations}))
      census::survey(layer, search);
    std::cerr << what << ": " << search.still_silent() << " still silent\n";
  };
  std::vector<census::shared_text> texts;
  for (auto const& text : corpus.texts()) texts.push_back(text);
  search.now_trying("text");
  for (layer_record const& layer : records)
    for (auto const& text : texts) search.start_from(layer.number, layer.largest, *text);
  try_out("single token", search.every_token());
  for (std::size_t i = 0; i < asked.shuffles && search.still_silent() > 0; ++i)
    try_out("shuffled text", search.shuffled(texts));
  for (std::size_t round = 0; round < asked.rounds && search.still_silent() > 0; ++round)
    try_out("swaps", search.mutations());

  auto const found = search.activating_inputs();
  if (auto const struck = search.confirm(census::opt::replay(model, found)); struck > 0)
    std::cerr << struck
              << " awakenings do not replay by themselves: they were decided by rounding, and are struck out\n";
  return search;
}

void write_results(settings const& asked, census::opt::model const& model, census::activation_search const& search,
                   std::vector<layer_record> const& records) {
  std::filesystem::create_directories(asked.out);
  census::whole_file awakened(std::filesystem::path(asked.out) / "awakened.jsonl"),
      silent(std::filesystem::path(asked.out) / "silent_neurons.csv");
  std::map<std::pair<std::uint32_t, std::uint32_t>, census::activating_input const*> found;
  auto const all = search.activating_inputs();
  for (auto const& one : all) {
    found[{one.layer, one.neuron}] = &one;
    nlohmann::ordered_json const line{{"layer", one.layer},
                                      {"neuron", one.neuron},
                                      {"found_by", one.found_by},
                                      {"ids", one.ids},
                                      {"text", model.tokenizer().decode(one.ids)},
                                      {"pre_activation", one.pre_activation}};
    awakened.stream() << line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
  }
  bool is_first = true;
  for (layer_record const& layer : records)
    for (std::uint32_t const n : layer.silent) {
      auto const& range = layer.ranges[n];
      bool const dead = layer.proven(n, census::liveness_proof::dead), activated = found.contains({layer.number, n});
      float const largest = std::max(search.largest(layer.number, n), layer.largest[n].value);
      census::csv_row const row{
          {"layer", census::number(layer.number)},
          {"neuron", census::number(n)},
          {"verdict", dead        ? "provably dead"
                      : activated ? "awakened"
                                  : "neither"},
          {"demanded_cosine", census::number(range.demanded_cosine())},
          {"largest_cosine_in_text", census::number(range.cosine(double{layer.largest[n].value}))},
          {"largest_cosine", census::number(range.cosine(double{largest}))},
          {"near_silences", census::number(layer.near[n].near_silences)}};
      if (std::exchange(is_first, false)) census::write_csv_header(silent.stream(), row);
      census::write_csv_line(silent.stream(), row);
    }
  awakened.commit(), silent.commit();
}

void print_table(census::activation_search const& search, std::vector<layer_record> const& records) {
  std::map<std::uint32_t, std::size_t> awakened;
  for (auto const& one : search.activating_inputs()) ++awakened[one.layer];
  std::cout << "layer  neurons  silent  provably dead  awakened  neither  always on  rounding could kill  or wake\n";
  for (layer_record const& layer : records) {
    std::size_t dead = 0, always_on = 0, could_die = 0, could_wake = 0;
    for (auto const n : layer.silent) dead += layer.proven(n, census::liveness_proof::dead);
    for (std::uint32_t n = 0; n < layer.ranges.size(); ++n) {
      always_on += layer.proven(n, census::liveness_proof::always_on);
      could_die += layer.near[n].could_be_dead(), could_wake += layer.near[n].could_be_alive();
    }
    std::cout << std::setw(5) << layer.number << std::setw(9) << layer.ranges.size() << std::setw(8)
              << layer.silent.size() << std::setw(15) << dead << std::setw(10) << awakened[layer.number] << std::setw(9)
              << layer.silent.size() - dead - awakened[layer.number] << std::setw(11) << always_on << std::setw(21)
              << could_die << std::setw(9) << could_wake << '\n';
  }
}

void wake_neurons(settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  auto const model = census::opt::open(asked.model);
  auto const layers = census::opt::layers_of(model.config(), census::opt::parse_layers(asked.layers));
  std::size_t const context = asked.context.value_or(std::min<std::size_t>(2048, model.config().max_positions));
  auto const corpus = census::open_corpus(model.tokenizer(), asked.texts, {.context = context, .tokens = asked.tokens});
  auto const before = asked.census.empty() ? decltype(silent_in(""))() : silent_in(asked.census);
  auto records = survey_text(model, corpus, layers, std::max<std::size_t>(context, 2048));
  if (!asked.census.empty()) {
    for (layer_record& layer : records) {
      auto const found = before.find(layer.number);
      if (found == before.end()) throw census::bad_input(asked.census, "has no layer " + std::to_string(layer.number));
      if (!found->second.empty() && found->second.back() >= layer.ranges.size())
        throw census::bad_input(asked.census, "is of a model with more neurons a layer");
      layer.silent = found->second;
    }
  }
  auto const search = search_for_wakings(asked, model, corpus, records, layers);
  write_results(asked, model, search, records);
  print_table(search, records);
  std::cout << "\nThe results lie in " << asked.out << ": awakened.jsonl, silent_neurons.csv\n";
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  CLI::App app{
      "Are silent neurons dead? A neuron that never fires on a text is *provably dead* where its weights and those of "
      "the layer norm before it leave no input that could make it fire; *awakened* where a search finds an input that "
      "does; *neither* where both fail. The search tries what came nearest in the text, every token by itself behind "
      "BOS, the text in random order, and then, round by round, small changes to the inputs that came nearest. A "
      "waking is kept as token ids, and counts only if these, run by themselves, make the neuron fire at the last of "
      "them.\n\n"
      "--out receives awakened.jsonl (layer, neuron, found_by, ids, text, pre_activation) and silent_neurons.csv: for "
      "each silent neuron its verdict; the cosine that it demands of the normed residual stream before it fires (1 or "
      "more is dead for every input, 0 half of all directions); the largest cosine in the text, and in all that was "
      "tried; and near_silences, how often it was silent by so little that rounding could have decided.",
      "wake_neurons"};
  app.footer("Example: wake_neurons --model models/opt-125m --text wiki.txt --out awake-125m\n"
             "A census taken before may tell which neurons to wake: --census census-125m; the text is then what the "
             "search starts from.");
  app.add_option("--model", asked.model, "A Hugging Face folder as published")->required()->type_name("DIR");
  app.add_option("--text", asked.texts, "Texts as opt_census takes them")->required()->type_name("[NAME=]PATH");
  app.add_option("--out", asked.out, "The folder that receives the results; it is made where it is missing")
      ->required()
      ->type_name("DIR");
  app.add_option(
         "--census", asked.census,
         "The results of opt_census on this model: wake what is silent there (default: what is silent in --text)")
      ->type_name("DIR");
  app.add_option("--layers", asked.layers, "Layers FIRST to LAST - 1 (default: all)")->type_name("FIRST:LAST");
  app.add_option("--context", asked.context, "Tokens of a full sequence, BOS included (default: as opt_census)")
      ->check(CLI::PositiveNumber);
  app.add_option("--tokens", asked.tokens, "Stop reading text after so many tokens (default: all)")
      ->check(CLI::PositiveNumber);
  app.add_option("--shuffles", asked.shuffles, "How often the text is tried in random order")->capture_default_str();
  app.add_option("--rounds", asked.rounds, "Rounds of swaps")->capture_default_str();
  app.add_option("--proposals", asked.proposals, "Inputs tried in a round")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option(
         "--longest", asked.longest,
         "Tokens of the inputs that are changed. A neuron that fires far into a text only is found by the text or "
         "not at all")
      ->capture_default_str()
      ->check(CLI::Range(2, 4096));
  app.add_option("--seed", asked.seed, "Of the random order and the swaps")->capture_default_str();
  app.add_option("--threads", asked.threads, "Threads; the results do not depend on them")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  return run(app, argc, argv, [&] { wake_neurons(asked); });
}
