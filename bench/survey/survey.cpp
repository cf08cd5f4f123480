// SPDX-License-Identifier: MIT
// A whole survey (liveness, tokens, positions) on a random model of OPT-125m's shape against its floor, the bare matrix
// products, in turns. Prints JSON. Before anything is timed, the survey's tables of one sequence are checked against
// plain loops over a plain forward pass in double precision.
#include "floor.hpp"
#include "later_documents.hpp"
#include "paired.hpp"
#include "plain_opt.hpp"
#include "random_opt.hpp"

#include <census/accumulator/paper_tables.hpp>
#include <census/model/activations.hpp>
#include <census/report/peak_memory.hpp>

#include <CLI/CLI.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

struct tables {
  census::liveness alive;
  census::token_coverage tokens;
  census::position_information positions;
  std::uint64_t firings = 0;  // of the last layer

  void observe(census::block const& block) { alive.observe(block), tokens.observe(block), positions.observe(block); }
};

/// Exits where a neuron's firings are not those of the plain pass. A pre-activation within rounding of zero may fall on
/// either side; how many there were is returned.
std::size_t check(census::model const& model, std::size_t context) {
  auto const texts = random_texts(model.architecture(), 1, context, 2);
  auto const expected = plain_pre_activations(model, texts[0]->tokens);
  std::size_t near_zero = 0;
  tables counted;
  auto const fail = [](std::size_t layer, std::size_t neuron, std::string const& what) {
    std::cerr << "the survey and the plain pass disagree in layer " << layer << ", neuron " << neuron << ": " << what
              << '\n';
    std::exit(1);
  };
  for (census::block const& block : census::activations(model, texts, {.keep_values = false})) {
    counted.observe(block);
    auto const& plain = expected[block.layer()];
    double const rounding = 1e-4 * std::sqrt(plain.squaredNorm() / static_cast<double>(plain.size()));
    for (std::size_t i = 0; i < context; ++i)
      for (std::size_t n = 0; n < model.architecture().ffn_size; ++n) {
        double const value = plain(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(n));
        if (block.firings().fires(i, n) == (value > 0)) continue;
        if (std::abs(value) > rounding) fail(block.layer(), n, "a firing");
        ++near_zero;
      }
    auto const total = counted.alive.table(block.layer());
    auto const by_token = counted.tokens.table(block.layer());
    auto const by_position = counted.positions.table(block.layer());
    std::map<census::token_id, std::size_t> row_of;  // tokens that occur behind the first position
    for (std::size_t i = 1; i < context; ++i) row_of[texts[0]->tokens[i]];
    for (std::size_t next = 0; auto& [token, row] : row_of) row = next++;
    if (by_token.rows() != row_of.size() || by_position.rows() != context) fail(block.layer(), 0, "the tables' rows");
    for (std::size_t n = 0; n < model.architecture().ffn_size; ++n) {
      std::uint32_t in_all = 0;
      std::vector<std::uint32_t> in_tokens(row_of.size());
      for (std::size_t i = 0; i < context; ++i) {
        bool const fires = block.firings().fires(i, n);
        in_all += fires;
        if (i > 0) in_tokens[row_of.at(texts[0]->tokens[i])] += fires;
        if (by_position.counts(i)[n] != fires) fail(block.layer(), n, "a cell of the positions");
      }
      for (std::size_t row = 0; row < in_tokens.size(); ++row)
        if (by_token.counts(row)[n] != in_tokens[row]) fail(block.layer(), n, "a cell of the tokens");
      if (total.counts(0)[n] != in_all) fail(block.layer(), n, "the count of all");
    }
  }
  return near_zero;
}

}  // namespace

int main(int argc, char** argv) try {
  std::size_t context = 512, sequences = 16, runs = 9, threads = 1, layers = 12, peak_turns = 2'000'000;
  double firing = 0;
  std::string folder, only;
  CLI::App app{"A survey of a random model of OPT-125m's shape, against the bare matrix products; prints JSON"};
  app.add_option("--context", context, "Tokens of a sequence")->capture_default_str()->check(CLI::Range(2, 2048));
  app.add_option("--sequences", sequences)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--layers", layers)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--firing", firing, "Share of the neurons that is to fire; about a half unless told");
  app.add_option("--threads", threads)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--runs", runs, "Pairs of runs")->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--peak-turns", peak_turns, "Of the loop that tells the processor's peak")->capture_default_str();
  app.add_option("--only", only, "Run `survey` or `floor` once and print nothing: for counting instructions")
      ->check(CLI::IsMember({"survey", "floor"}));
  CLI11_PARSE(app, argc, argv);
  tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);

  auto const model = random_opt({.layers = layers}, firing);
  auto const texts = random_texts(model.architecture(), sequences, context);
  tables kept;  // its rows exist from the first run on, as they do in the steady state
  seconds statistics, all_of_it;
  std::uint64_t documents = 0;
  auto const survey = [&] {  // the weights are in memory when its time begins
    auto source = census::activations(model, later_documents(texts, documents), {.keep_values = false});
    documents += sequences;
    auto const took = timed([&] {
      for (census::block const& block : source) statistics += timed([&] { kept.observe(block); });
    });
    all_of_it += took;
    return took;
  };
  if (only == "survey") return survey(), 0;
  product_floor floor(model.architecture());
  auto const products = [&] { return timed([&] { floor.run(texts); }); };
  if (only == "floor") return products(), 0;

  std::size_t const near_zero = check(model, std::min<std::size_t>(context, 300));
  double const peak_before = peak_operations(threads, peak_turns);
  products(), survey();
  statistics = all_of_it = {};
  paired_times const times(runs, products, survey);

  std::uint64_t fired = 0;
  auto const all = kept.alive.layers();
  for (auto const layer : all)
    for (auto const count : kept.alive.table(layer).counts(0)) fired += count;
  double const tokens = static_cast<double>(sequences * context), passes = static_cast<double>(runs + 1);
  double const peak = std::max(peak_before, peak_operations(threads, peak_turns)), operations = floor.operations(texts);
  auto json = times.json("floor_seconds", "survey_seconds");
  double const floor_seconds = json["clock"]["floor_seconds"]["median"],
               survey_seconds = json["clock"]["survey_seconds"]["median"];
  nlohmann::ordered_json result{
      {"benchmark", "survey"},
      {"context", context},
      {"sequences", sequences},
      {"layers", layers},
      {"threads", threads},
      {"pairs", runs},
      {"blas", census::blas_description()},
      {"share_firing", static_cast<double>(fired) /
                           (passes * tokens * static_cast<double>(all.size() * model.architecture().ffn_size))},
      {"within_rounding_of_zero", near_zero},
      {"survey_to_floor", json},
      {"statistics_share", {{"clock", statistics.clock / all_of_it.clock}, {"cpu", statistics.cpu / all_of_it.cpu}}},
      {"tokens_per_second", tokens / survey_seconds},
      {"floor_gflops", operations / floor_seconds * 1e-9},
      {"peak_gflops", peak * 1e-9},
      {"peak_memory_bytes", census::peak_memory()}};
  std::cout << result.dump(2) << '\n';
  return 0;
} catch (std::exception const& error) {
  std::cerr << "bench_survey: " << error.what() << '\n';
  return 2;
}
