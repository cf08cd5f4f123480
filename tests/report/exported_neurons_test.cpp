// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/read_file.hpp>
#include <census/report/exported_neurons.hpp>

#include "small_export.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace {

std::vector<census::exported_neuron> all_exported(temporary_folder const& folder) {
  std::vector<census::exported_neuron> all;
  census::exported_neurons neurons(folder.path());
  while (auto neuron = neurons.next()) all.push_back(*std::move(neuron));
  return all;
}

}  // namespace

TEST_CASE("every neuron of a census is exported, with its examples, its frequency and what it promotes") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  auto const all = all_exported(folder);
  REQUIRE(all.size() == 6);
  CHECK((all[4].layer == 1 && all[4].neuron == 1 && all[4].examples.largest.empty() && all[4].promoted.empty()));
  auto const& detector = all[1];
  CHECK((detector.layer == 0 && detector.neuron == 1 && detector.firings == 4 && detector.frequency == 0.125));
  REQUIRE(detector.examples.largest.size() == 2);
  CHECK(detector.tokens_of(detector.examples.largest[0]) ==
        std::vector<std::string>{census_test::hostile_text, "\ufffd", " nine"});
  CHECK(detector.examples.bins.size() == 2);
  CHECK((detector.promoted.size() == 1 && detector.promoted[0].text == " up" && detector.promoted[0].score == 3.5));
  CHECK((detector.suppressed.size() == 2 && detector.suppressed[0].score == -1));
}

TEST_CASE("where a census tells what all neurons promote, that is exported of each, layer by layer") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  census::layer_projections projections{2,
                                        {{7, 8, 8, 7, 9, 7}, {0.1f, 0, 3, 2, 1, 0}},
                                        {{9, 9, 9, 9, 8, 8}, {-1, 0, -2, -1, -3, 0}},
                                        {{7, census_test::hostile_text}, {8, "\xff"}, {9, ""}}};
  auto const file = [&](std::size_t layer) { return folder / census::projections_file_name(layer); };
  census::stage_projections(file(0), projections)->commit();
  auto const partly = all_exported(folder);
  CHECK(partly[1].promoted.size() == 2);
  CHECK(partly[4].promoted.empty());  // its layer has no such file, and it is no detector

  std::ranges::reverse(projections.promoted.ids);
  census::stage_projections(file(1), projections)->commit();
  auto const all = all_exported(folder);
  CHECK((all[0].promoted[0].text == census_test::hostile_text && all[0].promoted[0].score == 0.1));
  CHECK((all[2].suppressed[0].text == "\xff" && all[2].suppressed[0].score == -3));
  CHECK((all[3].promoted[1].text.empty() && all[3].promoted[0].text == census_test::hostile_text));

  projections.promoted.scores[5] = std::numeric_limits<float>::infinity();
  census::stage_projections(file(1), projections)->commit();
  CHECK_THROWS_WITH(all_exported(folder), Catch::Contains("projections-1.safetensors: holds an infinite score"));
  for (auto* ranking : {&projections.promoted, &projections.suppressed})
    ranking->ids.resize(2), ranking->scores.resize(2);
  census::stage_projections(file(1), projections)->commit();
  CHECK_THROWS_WITH(all_exported(folder), Catch::Contains("projections-1.safetensors: has no neuron 1"));
}

TEST_CASE("a census whose run lists no detectors.jsonl is exported without, whatever lies there") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  folder.write("run.json", R"({"files": ["layers.csv", "neurons.csv", "examples.jsonl"]})");
  folder.write("detectors.jsonl", "of another");
  auto const all = all_exported(folder);
  CHECK((all.size() == 6 && all[1].promoted.empty()));
}

TEST_CASE("an export of a census whose run lists a file that is gone names it") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  folder.write("run.json", R"({"files": ["examples.jsonl", "projections-1.safetensors"]})");
  CHECK_THROWS_WITH(all_exported(folder),
                    Catch::Contains("projections-1.safetensors: is missing, though run.json lists it"));
  std::filesystem::remove(folder.path() / "examples.jsonl");
  CHECK_THROWS_WITH(all_exported(folder), Catch::Contains("examples.jsonl: is missing, though run.json lists it"));
  folder.write("run.json", R"({"files": ["layers.csv"]})");
  folder.write("examples.jsonl", "of another");
  CHECK_THROWS_WITH(all_exported(folder), Catch::Contains("has no examples.jsonl"));
}

TEST_CASE("a float32 is exported in its own shortest decimals") {
  CHECK(census::detail::in_decimals(0.1f) == 0.1);
  CHECK(census::detail::in_decimals(std::vector<float>{0, 1.2861673f, 1e-20f}) ==
        std::vector<double>{0, 1.2861673, 1e-20});
}

TEST_CASE("an export refuses a census without examples, files of two censuses, and activations without a number") {
  auto const refused = [](auto const& spoil, std::string const& message) {
    temporary_folder const folder;
    census_test::write_small_census(folder);
    spoil(folder);
    CHECK_THROWS_WITH(all_exported(folder), Catch::Contains(message));
  };
  refused([](auto& folder) { std::filesystem::remove(folder.path() / "examples.jsonl"); }, "has no examples.jsonl");
  auto const with_examples = [](auto const& change) {
    return [=](auto& folder) {
      folder.write("examples.jsonl", change(census::read_file(folder.path() / "examples.jsonl")));
    };
  };
  refused(with_examples([](std::string const& text) { return text + text; }),
          "examples.jsonl, line 3: is of a neuron that neurons.csv does not have");
  refused(with_examples([](std::string const& text) { return text.substr(0, text.find('\n') + 1); }),
          "examples.jsonl: has no line of layer 1, neuron 2, which fired: it is cut short");
  refused([](auto& folder) { folder.write("examples.jsonl", ""); },
          "examples.jsonl: has no line of layer 0, neuron 1, which fired");
  refused(with_examples([](std::string const& text) { return text.substr(text.find('\n') + 1); }),
          "examples.jsonl, line 1: comes where layer 0, neuron 1, which fired, should");
  refused([](auto& folder) { folder.write("neurons.csv", "layer,neuron,firings,firings_without_bos,frequency\n"); },
          "layers.csv and neurons.csv are not of one census");
  refused([](auto& folder) { folder.write("neurons.csv", "layer,neuron,frequency\n"); }, "neurons.csv: has no column");
  refused([](auto& folder) { std::filesystem::remove(folder.path() / "run.json"); }, "run.json: the file is missing");
  refused([](auto& folder) { folder.write("detectors.jsonl", "{}\n"); }, "detectors.jsonl, line 1: is no line");
  refused(
      [](auto& folder) {
        auto text = census::read_file(folder.path() / "examples.jsonl");
        text.replace(text.find("[0.25,2.5,0]"), 12, "[0.25,null,0]");
        folder.write("examples.jsonl", text);
      },
      "examples.jsonl, line 1: holds an infinite activation");
}

TEST_CASE("an export of no folder says that there is none") {
  CHECK_THROWS_WITH(census::exported_neurons("nowhere"), Catch::Contains("nowhere: there is no such folder"));
}

TEST_CASE("detectors are refused that layers.csv does not count, and so is a file of them that is cut short") {
  auto const refused = [](std::string const& lines, std::string const& message) {
    temporary_folder const folder;
    census_test::write_small_census(folder);
    folder.write("detectors.jsonl", lines);
    CHECK_THROWS_WITH(all_exported(folder), Catch::Contains(message));
  };
  auto const line = [](std::string const& layer, std::string const& neuron, std::string const& n) {
    return R"({"layer":)" + layer + R"(,"neuron":)" + neuron + R"(,"n":)" + n + R"(,"promoted":[],"suppressed":[]})" +
           "\n";
  };
  for (auto const* other : {"-1", "0.5", "4294967296", "\"0\""}) {
    refused(line(other, "1", "1"), "detectors.jsonl, line 1: is no line of a detector");
    refused(line("0", other, "1"), "detectors.jsonl, line 1: is no line of a detector");
  }
  refused(line("2", "1", "1"), "detectors.jsonl, line 1: is of a neuron that layers.csv does not have");
  refused(line("0", "3", "1"), "detectors.jsonl, line 1: is of a neuron that layers.csv does not have");
  refused(line("0", "1", "1") + line("0", "2", "1"), "detectors.jsonl: tells 2 token detectors of layer 0");
  refused(line("0", "1", "1") + line("0", "1", "2"), "detectors.jsonl: tells 1 bigram detectors of layer 0");
  refused(line("1", "1", "2"), "detectors.jsonl: tells 0 token detectors of layer 0");
  refused("", "detectors.jsonl: tells 0 token detectors of layer 0");

  temporary_folder const folder;
  census_test::write_small_census(folder);
  folder.write("detectors.jsonl", line("0", "1", "1") + line("1", "1", "2"));  // bigrams of layer 1 are not counted
  CHECK(all_exported(folder).size() == 6);
  std::filesystem::remove(folder.path() / "detectors.jsonl");
  std::filesystem::create_directory(folder.path() / "detectors.jsonl");
  CHECK_THROWS_WITH(all_exported(folder), Catch::Contains("detectors.jsonl: is no regular file"));
}
