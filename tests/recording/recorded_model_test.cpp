// SPDX-License-Identifier: MIT
#include <census/recording/recorded_model.hpp>

#include <census/content_hash.hpp>
#include <census/model/layers.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/model_origin.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/model/token_text.hpp>
#include <census/report/census_folder.hpp>
#include <census/statistic/judge_detectors.hpp>
#include <census/statistic/judge_positional.hpp>
#include <census/survey/take_census.hpp>

#include "recorded_toy.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace {

using namespace census_test;

static_assert(census::census_model<census::recorded_model<census::model>>);
static_assert(census::census_model<census::recorded_model<elsewhere::toy_model>>);

census::recorded_model<elsewhere::toy_model> recorded_toy(std::filesystem::path const& folder) {
  return {toy(), census::firings_recording(folder)};
}

/// Takes a census into a folder; all of its files but the record, one after the other.
template <class Model, class Corpus>
std::string census_files(Model const& model, Corpus const& corpus, std::filesystem::path const& folder,
                         census::census_options const& options) {
  auto const plan = census::plan_census(model, corpus, options);
  auto const first = plan.options.first_layer;
  census::census_folder results(folder, {static_cast<std::uint32_t>(first), plan.options.last_layer - first,
                                         toy_neurons, corpus.domains(), corpus.context(), options.keep_tables});
  auto run = census::take_census(model, corpus, plan);
  for (auto&& layer : run) results.append(layer);
  census::judge_positional(results.layers());
  census::judge_detectors(results.layers());
  results.append(run.profiles());
  results.commit({});
  std::string all;
  for (char const* name : {"layers.csv", "neurons.csv", "detectors.jsonl", "dead_share.csv", "census.safetensors"})
    all += census::read_file(folder / name);
  if (options.keep_tables) all += census::read_file(folder / ("tokens-" + std::to_string(first) + ".safetensors"));
  return all;
}

}  // namespace

TEST_CASE("a recorded census has the same bytes as that of the model that ran") {
  temporary_folder const folder;
  record_toy(folder / "recorded", census::recorded_values::pre_activations);
  auto const replayed = recorded_toy(folder / "recorded");
  auto const corpus = replayed.recorded().corpus();
  census::census_options options{.memory = 256 << 20, .threads = 1, .folder = folder.path()};
  for (std::size_t const longest : {1, 3})
    for (bool const pre_activations : {false, true}) {
      options.longest_ngram = longest, options.pre_activations = pre_activations, options.keep_tables = longest == 1;
      CHECK(census_files(replayed, corpus, folder / "replayed", options) ==
            census_files(toy(), toy_text(), folder / "live", options));
    }
  options.first_layer = 1, options.last_layer = 2;
  CHECK(census_files(replayed, corpus, folder / "replayed", options) ==
        census_files(toy(), toy_text(), folder / "live", options));
}

TEST_CASE("the model is asked for weights, updates and names, and runs no text") {
  temporary_folder const folder;
  record_toy(folder.path());
  auto const replayed = recorded_toy(folder.path());
  CHECK(tokens_named(replayed) == 60);
  CHECK(token_text(replayed, 17) == "<17>");
  CHECK(replayed.update(0, 4) == toy().update(0, 4));
  CHECK(origin_of(replayed).files.size() == 1);
  CHECK(origin_of(replayed).recording == census::content_hash(census::read_file(folder / "recording.json")));
  std::size_t layer = 0;
  auto all = layers(replayed, replayed.recorded().corpus().texts(), {.layers = {0, 3}});
  for (auto&& blocks : all) {
    CHECK(all.weights() == layer);  // the toy's weights are the layer's number
    for (census::block const& block : blocks) CHECK(block.layer() == layer);
    ++layer;
  }
  CHECK(layer == 3);
}

TEST_CASE("layers before the first that was recorded have no blocks, and behind the last there are none") {
  temporary_folder const folder;
  auto about = description_of_toy();
  about.first_layer = 1, about.layers = 1;
  census::recording_writer writer(folder.path(), about);
  for (auto const& text : toy_text().texts()) writer.observe(toy().run(1, text, false));
  writer.commit();
  auto const replayed = recorded_toy(folder.path());
  CHECK(replayed.architecture().layers == 2);
  std::vector<std::size_t> blocks;
  for (auto&& layer : layers(replayed, replayed.recorded().corpus().texts(30), {.layers = {0, 2}})) {
    blocks.push_back(0);
    for ([[maybe_unused]] auto const& block : layer) ++blocks.back();
  }
  CHECK(blocks == std::vector<std::size_t>{0, 4});
}

TEST_CASE("another model than the one recorded is refused by what differs") {
  temporary_folder const folder;
  record_toy(folder.path());
  auto const complaint = [&](elsewhere::toy_model const& model) {
    return complaint_about(
        folder.path(), [&] { census::recorded_model const replayed(model, census::firings_recording(folder.path())); });
  };
  CHECK(complaint(toy()) == "nothing");
  CHECK(complaint({{.layers = 3, .ffn_size = toy_neurons, .vocabulary_size = 61}, toy_rule}) ==
        "is of another model: somewhere/config.json has another hash");
  CHECK(complaint({{.layers = 2, .ffn_size = toy_neurons, .vocabulary_size = 60}, toy_rule}) ==
        "is of another model: its layers are not so many, or have other neurons");
  change_index(folder, [](auto& index) { index["model"][0]["path"] = "elsewhere/weights.bin"; });
  CHECK(complaint(toy()) == "is of another model: weights.bin, which it was recorded with, is not there");
  change_index(folder, [](auto& index) {
    index["model"][0]["path"] = "else/config.json";
    index["model"].push_back({{"path", "merges.txt"}, {"bytes", 1}, {"fnv1a_64", "0000000000000001"}});
  });
  CHECK(complaint(toy()) == "is of another model: merges.txt, which it was recorded with, is not there");
  change_index(folder, [](auto& index) { index["model"].clear(); });
  CHECK(complaint(toy()) == "does not tell which model it is of, so nothing else is known of it");
}

TEST_CASE(
    "a text with a token that the model has not is refused by its place, one with a token that is not known is read") {
  for (census::token_id const token : {census::token_id{60}, census::no_token}) {
    temporary_folder const folder;
    record_toy(folder.path());
    auto const tokens = census::firings_recording(folder.path()).corpus().texts()[0]->tokens;
    forge(folder, "text.safetensors", [&](std::string& bytes) {
      std::string_view const all(reinterpret_cast<char const*>(tokens.data()),
                                 sizeof(census::token_id) * tokens.size());
      auto const at = bytes.find(all) + 5 * sizeof(census::token_id);
      REQUIRE(at < bytes.size());
      bytes.replace(at, sizeof token, reinterpret_cast<char const*>(&token), sizeof token);
    });
    if (token == census::no_token)
      CHECK_NOTHROW(recorded_toy(folder.path()));
    else
      CHECK_THROWS_WITH(recorded_toy(folder.path()),
                        Catch::Contains("text.safetensors: ") &&
                            Catch::EndsWith("[5] is 60, where the model has tokens 0 to 59"));
  }
}

TEST_CASE("values that were not recorded, and other texts, are refused") {
  temporary_folder const folder;
  record_toy(folder.path(), census::recorded_values::activations);
  auto const replayed = recorded_toy(folder.path());
  auto const texts = replayed.recorded().corpus().texts();
  CHECK(complaint_about(folder.path(), [&] {
          layers(replayed, texts, {.layers = {0, 3}, .keep_values = {true, true}});
        }) == "holds no pre-activations, which are asked for");
  CHECK_NOTHROW(layers(replayed, texts, {.layers = {0, 3}, .keep_values = {true, false}}));
  CHECK_THROWS_AS(layers(replayed, {toy_text().texts()[0]}, {.layers = {0, 3}}), std::invalid_argument);
  CHECK_THROWS_AS(layers(replayed, texts, {.layers = {3, 4}}), census::bad_input);
}

TEST_CASE("what a replay will hold is planned: no residual streams, and blocks that fit") {
  temporary_folder const folder;
  record_toy(folder.path());
  auto const replayed = recorded_toy(folder.path());
  auto const corpus = replayed.recorded().corpus();
  auto const plan = plan_layers(replayed, {0, 3}, corpus.tokens(), corpus.context(), 2, 1000, 1 << 20);
  CHECK(plan.residuals == 0);
  CHECK(plan.elsewhere == 1000);
  CHECK(plan.rows_per_block == 8192);
  CHECK(plan.total() <= 1 << 20);
  auto const smaller = plan_layers(replayed, {0, 3}, corpus.tokens(), corpus.context(), 2, 1000, 1 << 20, 20, true);
  CHECK((smaller.rows_per_block == 20 && smaller.working < plan.working));
  auto const tight = plan_layers(replayed, {0, 3}, corpus.tokens(), corpus.context(), 2, 1000, 3000);
  CHECK(tight.rows_per_block == 10);
  CHECK(tight.total() <= 3000);
  CHECK_THROWS_AS(plan_layers(replayed, {0, 3}, corpus.tokens(), corpus.context(), 2, 1000, 2400), census::bad_input);
}
