// SPDX-License-Identifier: MIT
#include <census/archive/state_file.hpp>
#include <census/archive/store.hpp>
#include <census/report/census_folder.hpp>
#include <census/report/examples_reader.hpp>
#include <census/report/read_run_json.hpp>
#include <census/statistic/judge_detectors.hpp>

#include "surveyed_layers.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <ranges>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using census_test::surveyed;

namespace {

census::census_shape shape() { return {0, surveyed::layers, surveyed::neurons, {"a", "b", "c"}, surveyed::context}; }

void write_census(fs::path const& where, std::vector<census::layer_result> const& layers) {
  census::census_folder out(where, shape());
  for (auto const& layer : layers) out.append(layer);
  census::judge_positional(out.layers());
  census::judge_detectors(out.layers());
  out.commit({});
}

std::string bytes_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

TEST_CASE("the files are the same bytes for any order of the blocks, and for halves that were merged") {
  temporary_folder const out;
  auto source = surveyed::blocks();
  write_census(out / "whole", census_test::results_of(source));
  std::mt19937 random(4);
  for (std::size_t i = source.size(); i > 1; --i) std::swap(source[i - 1], source[random() % i]);
  write_census(out / "shuffled", census_test::results_of(source));
  census::paper_survey left, right;
  auto const half = source.size() / 2;
  census::survey(source | std::views::take(half), left);
  census::survey(source | std::views::drop(half), right);
  right.merge(left);
  write_census(out / "merged", census_test::results_of(right, source));

  for (auto const* name : {"census.safetensors", "neurons.csv", "layers.csv", "dead_share.csv", "run.json",
                           "tokens-0.safetensors", "tokens-2.safetensors"}) {
    CAPTURE(name);
    auto const whole = bytes_of(out.path() / "whole" / name);
    CHECK(whole.size() > 100);
    CHECK((bytes_of(out.path() / "shuffled" / name) == whole));
    CHECK((bytes_of(out.path() / "merged" / name) == whole));
  }
}

TEST_CASE("examples are told where the shape announces them, layer by layer, and go with the next census without") {
  temporary_folder const out;
  auto layers = census_test::results_of(surveyed::blocks());
  for (auto& layer : layers) layer.examples = {{{4, {{1, {0, 0, 1}, 1, {5}, {1}}}, {}}}, {{5, "five"}}};
  auto with = shape();
  with.examples = true;
  {
    census::census_folder folder(out.path(), with);
    CHECK(folder.tells_examples());
    for (auto const& layer : layers) folder.append(layer);
    census::judge_positional(folder.layers());
    census::judge_detectors(folder.layers());
    folder.commit({});
  }
  census::examples_reader lines(out.path() / "examples.jsonl");
  for (auto const& layer : layers) {
    auto const line = lines.next();
    REQUIRE(line);
    CHECK(line->layer == layer.census.layer);
    CHECK(line->examples == layer.examples->neurons[0]);
  }
  CHECK_FALSE(lines.next());
  CHECK(std::ranges::count(census::read_run_json(out.path() / "run.json").results, "examples.jsonl") == 1);

  write_census(out.path(), layers);  // with examples that nobody announced
  CHECK_FALSE(fs::exists(out.path() / "examples.jsonl"));
}

TEST_CASE("what neurons promote lies in a file a layer, which the run lists, and goes with the next census without") {
  temporary_folder const out;
  auto layers = census_test::results_of(surveyed::blocks());
  for (auto& layer : layers) {
    std::vector<census::token_id> const ids(surveyed::neurons, layer.census.layer);
    std::vector<float> const scores(surveyed::neurons, 0.5f);
    layer.projections = {1, {ids, scores}, {ids, scores}, {{layer.census.layer, "text"}}};
  }
  auto with = shape();
  with.projections = true;
  {
    census::census_folder folder(out.path(), with);
    for (auto const& layer : layers) folder.append(layer);
    census::judge_positional(folder.layers());
    census::judge_detectors(folder.layers());
    folder.commit({});
  }
  for (auto const& layer : layers)
    CHECK(census::read_projections(out.path() / census::projections_file_name(layer.census.layer)) ==
          layer.projections);
  CHECK(census::tells_projections(census::read_run_json(out.path() / "run.json")));

  for (auto& layer : layers) layer.projections.reset();
  write_census(out.path(), layers);
  CHECK_FALSE(fs::exists(out.path() / "projections-0.safetensors"));

  out.write("projections-1.safetensors", "mine");
  CHECK_THROWS_WITH(census::census_folder(out.path(), with), Catch::Contains("projections-1.safetensors"));
}

TEST_CASE("states that were staged get their place with the results, and go where these are not committed") {
  temporary_folder const out;
  census::census_shape with{0, 0, 1, {}, 0};
  with.states = true;
  std::vector<std::uint64_t> const state{1, 2, 3};
  auto const begun = [&](census::census_folder& folder) {
    for (auto const* name : {"state-text.safetensors", "state-1.safetensors"})
      folder.append(name, census::stage_state(folder.path() / name, "a state", census::store(state)));
  };
  {
    census::census_folder abandoned(out.path(), with);
    begun(abandoned);
  }
  CHECK(fs::is_empty(out.path()));
  {
    census::census_folder folder(out.path(), with);
    begun(folder);
    CHECK_FALSE(fs::exists(out / "state-1.safetensors"));
    folder.commit({});
  }
  std::vector<std::uint64_t> read;
  census::read_state(out / "state-1.safetensors", "a state", read);
  CHECK(read == state);
  CHECK(fs::exists(out / "state-text.safetensors"));
}

TEST_CASE("a folder that is not committed leaves what was there, and one that is replaces it") {
  temporary_folder const out;
  auto layers = census_test::results_of(surveyed::blocks());
  write_census(out.path(), layers);
  auto const before = bytes_of(out / "census.safetensors");
  {
    census::census_folder abandoned(out.path(), shape());
    abandoned.append(layers[0]);
  }
  CHECK(bytes_of(out / "census.safetensors") == before);
  for (auto const& entry : fs::directory_iterator(out.path())) CHECK(entry.path().extension() != ".part");

  CHECK(fs::exists(out / "tokens-0.safetensors"));
  for (auto& layer : layers) layer.by_token.reset();
  write_census(out.path(), layers);
  CHECK_FALSE(fs::exists(out / "tokens-0.safetensors"));  // it was of the census before
}

TEST_CASE("files that no census wrote stay: beside the results, in their way, and in the way of their beginnings") {
  temporary_folder const out;
  auto layers = census_test::results_of(surveyed::blocks());
  for (auto const* name : {"tokens-train.safetensors", "tokens-.safetensors", "layers.csv.part", "notes.txt"})
    out.write(name, "mine");
  write_census(out.path(), layers);
  for (auto& layer : layers) layer.by_token.reset();
  write_census(out.path(), layers);
  for (auto const* name : {"tokens-train.safetensors", "tokens-.safetensors", "layers.csv.part", "notes.txt"})
    CHECK(bytes_of(out / name) == "mine");

  for (auto const* name : {"run.json", "layers.csv", "neurons.csv", "detectors.jsonl", "dead_share.csv",
                           "census.safetensors", "tokens-1.safetensors"}) {
    CAPTURE(name);
    temporary_folder const other;
    other.write(name, "{}");
    auto shape_with_tables = shape();
    shape_with_tables.token_tables = true;
    CHECK_THROWS_WITH(census::census_folder(other.path(), shape_with_tables),
                      Catch::Contains(name) && Catch::Contains("is in the way"));
    CHECK(bytes_of(other / name) == "{}");
    CHECK(std::distance(fs::directory_iterator(other.path()), fs::directory_iterator()) == 1);
  }
}

TEST_CASE("run.json lists the files beside it, and what it does not list is not of its census") {
  temporary_folder const out;
  auto layers = census_test::results_of(surveyed::blocks());
  write_census(out.path(), layers);
  auto const listed = census::read_run_json(out / "run.json").results;
  std::set<std::string> there;
  for (auto const& entry : fs::directory_iterator(out.path())) there.insert(entry.path().filename().string());
  CHECK(std::set(listed.begin(), listed.end()) == there);

  out.write("tokens-9.safetensors", "mine");  // a layer that this census has not
  for (auto& layer : layers) layer.by_token.reset();
  write_census(out.path(), layers);
  CHECK(bytes_of(out / "tokens-9.safetensors") == "mine");
  CHECK_FALSE(fs::exists(out / "tokens-0.safetensors"));
}

TEST_CASE("a census is not committed before what is positional is judged, and which claims on detectors stand") {
  temporary_folder const out;
  auto const layers = census_test::results_of(surveyed::blocks());
  census::census_folder folder(out.path(), shape());
  for (auto const& layer : layers) folder.append(layer);
  CHECK_THROWS_AS(folder.commit({}), std::logic_error);
  census::judge_positional(folder.layers());
  CHECK_THROWS_WITH(folder.commit({}), Catch::Contains("layer 0") && Catch::Contains("judge_detectors"));
  CHECK_THROWS_AS(folder.append(std::vector<census::neuron_profile>{}), std::logic_error);
  census::judge_detectors(folder.layers());
  folder.commit({});
  CHECK(fs::exists(out / "run.json"));
}

TEST_CASE("of profiles, those of detectors become lines of detectors.jsonl, which is there where profiles are told") {
  temporary_folder const out;
  {
    census::census_folder folder(out.path(), {0, 0, 1, {}, 0});
    census::neuron_profile detects, other;
    detects.is_detector = true, detects.neuron = 7;
    folder.append(std::vector{detects, other});
    folder.commit({});
  }
  auto const lines = bytes_of(out / "detectors.jsonl");
  CHECK(lines.find("\"neuron\":7") != std::string::npos);
  CHECK(std::ranges::count(lines, '\n') == 1);
  auto const listed = [&] {
    return std::ranges::count(census::read_run_json(out.path() / "run.json").results, "detectors.jsonl");
  };
  CHECK(listed() == 1);

  census::census_folder untold(out.path(), {0, 0, 1, {}, 0});
  CHECK_FALSE(untold.tells_detectors());
  untold.commit({});
  CHECK_FALSE(fs::exists(out / "detectors.jsonl"));
  CHECK(listed() == 0);
}

TEST_CASE("a detector's line has the verdict that was decided over all layers, where it is of tokens") {
  temporary_folder const out;
  auto const layers = census_test::results_of(surveyed::blocks());
  census::census_folder folder(out.path(), shape());
  for (auto const& layer : layers) folder.append(layer);
  census::judge_positional(folder.layers());
  census::judge_detectors(folder.layers());
  folder.layers()[1].tokens.verdicts[5] = census::verdict::yes;
  std::vector<census::neuron_profile> profiles(2);
  profiles[0].ngrams = {{{7}, "a", 1, 1}}, profiles[1].ngrams = {{{7, 8}, "ab", 1, 1}};
  for (auto& one : profiles) one.layer = 1, one.neuron = 5, one.is_detector = true;
  folder.append(profiles);
  folder.commit({});
  auto const lines = bytes_of(out / "detectors.jsonl");
  auto const second = lines.substr(lines.find('\n') + 1);
  CHECK(lines.find("\"verdict\":\"surely\"") < lines.find('\n'));
  CHECK(second.find("\"verdict\":null") != std::string::npos);
}

TEST_CASE("a folder that cannot be made or written, or that another census writes into, is refused at once") {
  temporary_folder const out;
  out.write("file", "x");
  CHECK_THROWS_WITH(census::census_folder(out / "file/deep", {}),
                    Catch::Contains("file/deep: the folder cannot be made"));
  fs::create_directories(out / "taken/census.safetensors");
  CHECK_THROWS_AS(census::census_folder(out / "taken", {}), census::bad_input);
  census::census_folder const writing(out / "shared", {});
  CHECK_THROWS_WITH(census::census_folder(out / "shared", {}), Catch::Contains("another census is writing"));
}

TEST_CASE("a folder is held before the shape of its census is known, and refuses what is in the way as soon as it is") {
  temporary_folder const out;
  auto layers = census_test::results_of(surveyed::blocks());
  for (auto& layer : layers) layer.by_token.reset();
  {
    auto held = census::census_folder::hold(out / "census");
    CHECK_THROWS_WITH(census::census_folder::hold(out / "census"), Catch::Contains("another census is writing"));
    census::census_folder::claim(*held, shape());
    census::census_folder folder(std::move(held), shape());
    for (auto const& layer : layers) folder.append(layer);
    census::judge_positional(folder.layers());
    census::judge_detectors(folder.layers());
    folder.commit({});
  }
  write_census(out / "alone", layers);
  CHECK(bytes_of(out / "census/run.json") == bytes_of(out / "alone/run.json"));

  out.write("census/state-1.safetensors", "mine"), out.write("foreign/layers.csv", "mine");
  auto const held = census::census_folder::hold(out / "census");
  census::census_folder::claim(*held, shape());
  auto with_states = shape();
  with_states.states = true;
  CHECK_THROWS_WITH(census::census_folder::claim(*held, with_states),
                    Catch::Contains("state-1.safetensors: is in the way"));
  CHECK_THROWS_WITH(census::census_folder::hold(out / "foreign"), Catch::Contains("layers.csv: is in the way"));
}
