// SPDX-License-Identifier: MIT
// Census folders read back: written by hand, as docs/results.md has them; tests/examples/compare.sh reads those
// that census take writes.
#include <census/report/read_census.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr auto layers_csv = "layer,neurons,dead,dead_share,mean_frequency_alive,positional_corrected,remark\n"
                            "2,3,1,0.3333333333333333,0.25,1,a layer\n"
                            "3,2,2,1,,0,\n";
constexpr auto neurons_csv =
    "layer,neuron,firings,later_column,positional_type,positional_corrected,mutual_information_corrected,"
    "positional_strong\n"
    "2,0,10,x,,0,0.01,\n"
    "2,1,0,x,,0,0,\n"
    "2,2,18446744073709551615,x,oscillatory,1,0.25,1\n"
    "3,0,0,x,,0,0,\n"
    "3,1,0,,,0,-1e-3,\n";
constexpr auto run_json =
    R"({"census": "0.1.0", "blas": "b", "news": [], "settings": {"context": "256", "bos": "yes", "shards": 3},
        "model": [{"path": "m/config.json", "bytes": 12, "fnv1a_64": "00000000000000ff"}],
        "texts": [{"path": "t.txt", "bytes": 7, "fnv1a_64": "ffffffffffffffff", "domain": "prose"}],
        "tokens_by_domain": {"prose": 700}, "documents": 4, "seconds": {"survey": 0.5}, "peak_memory_bytes": 1000})";

void write_census(temporary_folder const& folder) {
  folder.write("layers.csv", layers_csv), folder.write("neurons.csv", neurons_csv), folder.write("run.json", run_json);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  auto const at = result.find(from);
  REQUIRE(at != std::string::npos);
  return result.replace(at, from.size(), to);
}

/// What reading the folder complains of; nothing where it does not.
std::string complaint(temporary_folder const& folder) {
  try {
    census::read_census(folder.path());
    return "";
  } catch (census::bad_input const& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a census is read back by the names of its columns, whatever else the files hold") {
  temporary_folder const folder;
  write_census(folder);
  auto const census = census::read_census(folder.path());
  CHECK(census.name == folder.path().filename().string());
  REQUIRE(census.layers.size() == 2);
  CHECK(census.layers[0].layer == 2);
  CHECK(census.layers[0].neurons == 3);
  CHECK(census.layers[1].dead == 2);
  CHECK(census.layers[0].figure("dead_share") == 1.0 / 3);
  CHECK_FALSE(census.layers[1].figure("mean_frequency_alive").has_value());
  CHECK_FALSE(census.layers[0].figure("token_detectors").has_value());
  CHECK_THROWS_WITH(census.layers[0].figure("remark"),
                    Catch::Contains("layers.csv:2: column \"remark\": \"a layer\" is no number"));
  CHECK(census.find(3) == &census.layers[1]);
  CHECK(census.find(0) == nullptr);
  REQUIRE(census.positional.size() == 1);
  auto const& neuron = census.positional[0];
  CHECK((neuron.layer == 2 && neuron.neuron == 2 && neuron.information == 0.25));
  CHECK((neuron.type == "oscillatory" && neuron.strong == true));
}

TEST_CASE(
    "a file beside the tables is found where run.json lists it, or lists none, and one listed is not to be gone") {
  temporary_folder const folder;
  write_census(folder);
  folder.write("dead_share.csv", "");
  auto census = census::read_census(folder.path());
  CHECK(census.find_file("dead_share.csv") == folder.path() / "dead_share.csv");
  CHECK_FALSE(census.find_file("examples.jsonl").has_value());
  census.run.results = {"examples.jsonl"};
  CHECK_FALSE(census.find_file("dead_share.csv").has_value());
  CHECK_THROWS_WITH(census.find_file("examples.jsonl"),
                    Catch::Contains("examples.jsonl: is missing, though run.json lists it"));
  folder.write("examples.jsonl", "");
  CHECK(census.find_file("examples.jsonl").has_value());
}

TEST_CASE("a census without the columns that came later has no types of positional neurons") {
  temporary_folder const folder;
  write_census(folder);
  folder.write("neurons.csv", "layer,neuron,firings,mutual_information_corrected,positional_corrected\n"
                              "2,0,10,0.01,0\n2,1,0,0,0\n2,2,9,0.25,1\n3,0,0,0,0\n3,1,0,0,0\n");
  auto const census = census::read_census(folder.path());
  REQUIRE(census.positional.size() == 1);
  CHECK(census.positional[0].type.empty());
  CHECK_FALSE(census.positional[0].strong.has_value());
}

TEST_CASE("neurons positional by the paper's rule come with its information, whatever the corrected one says") {
  temporary_folder const folder;
  write_census(folder);
  std::string const names = "layer,neuron,firings,mutual_information,positional,positional_type\n",
                    others = "2,1,0,0,0,\n2,2,9,0.01,0,other\n3,0,0,0,0,\n3,1,0,0,0,\n";
  folder.write("layers.csv", "layer,neurons,dead\n2,3,1\n3,2,2\n");
  folder.write("neurons.csv", names + "2,0,9,0.0625,1,one_extreme\n" + others);
  auto const census = census::read_census(folder.path());
  CHECK(census.folder == folder.path());
  CHECK(census.positional.empty());
  REQUIRE(census.positional_by_paper.size() == 1);
  auto const& neuron = census.positional_by_paper[0];
  CHECK((neuron.layer == 2 && neuron.neuron == 0 && neuron.information == 0.0625 && neuron.type == "one_extreme"));
  folder.write("neurons.csv", names + "2,0,9,,1,\n" + others);
  CHECK_THAT(complaint(folder), Catch::Contains("neurons.csv:2: a positional neuron has no mutual information"));
}

TEST_CASE("what is missing or spoiled in a census is named with its file and line") {
  temporary_folder const folder;
  auto const complains = [&](std::string const& of) {
    CAPTURE(of);
    CHECK_THAT(complaint(folder), Catch::Contains(of));
  };
  CHECK_THROWS_WITH(census::read_census(folder.path() / "none"), Catch::Contains("none: there is no such folder"));
  complains("run.json: the file is missing");
  write_census(folder);
  CHECK(complaint(folder).empty());

  auto const with = [&](char const* file, std::string const& content, std::string const& cause) {
    folder.write(file, content);
    complains(cause);
    write_census(folder);
  };
  with("layers.csv", "layer,neurons,dead\n", "layers.csv: holds no layer");
  with("layers.csv", "layer,neurons\n0,1\n", "layers.csv: has no column \"dead\"");
  with("layers.csv", "layer,neurons,dead\n0,1,-1\n", "layers.csv:2: column \"dead\": \"-1\" is no whole number");
  with("layers.csv", "layer,neurons,dead\n0,,1\n", "layers.csv:2: is no row of a layer");
  with("layers.csv", "layer,neurons,dead\n1,1,1\n0,1,1\n", "layers.csv:3: the layers do not ascend");
  with("neurons.csv", replaced(neurons_csv, "2,1,0", "2,7,0"), "neurons.csv:3: is no row of a neuron");
  with("neurons.csv", replaced(neurons_csv, "0.25", "nan"), "neurons.csv:4: column \"mutual_information_corrected\"");
  with("neurons.csv", replaced(neurons_csv, "0.25", ""),
       "neurons.csv:4: a positional neuron has no mutual information");

  // files of two censuses
  auto const two = "layers.csv and neurons.csv are not of one census: they differ on layer ";
  with("layers.csv", replaced(layers_csv, "2,3,1", "2,3,0"), std::string(two) + "2");
  with("layers.csv", replaced(layers_csv, "3,2,2", "3,3,2"), std::string(two) + "3");
  with("neurons.csv", replaced(neurons_csv, "oscillatory,1", "oscillatory,0"), std::string(two) + "2");
  with("neurons.csv", std::string(neurons_csv) + "4,0,0,,,0,0,\n", "neurons.csv:7: a neuron of a layer that");
}

TEST_CASE("no prefix and no changed byte of a census does worse than be refused") {
  temporary_folder const folder;
  write_census(folder);
  std::size_t refused = 0;
  for (auto const& [file, content] :
       {std::pair{"layers.csv", layers_csv}, {"neurons.csv", neurons_csv}, {"run.json", run_json}}) {
    std::string const whole = content;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      folder.write(file, whole.substr(0, i));
      auto const cut = complaint(folder);
      CHECK_FALSE(cut.empty());
      CHECK(cut.find('\n') == std::string::npos);
      for (char const byte : {'\0', '\xff', '9', ',', '\n'}) {
        auto changed = whole;
        changed[i] = byte;
        folder.write(file, changed);
        refused += !complaint(folder).empty();
      }
    }
    folder.write(file, whole);
  }
  CHECK(refused > 500);
}

TEST_CASE("censuses differ by their texts, and by how these were cut, not by where they lay or what read them") {
  census::run_record a;
  a.texts = {{"a.txt", "prose", 7, 1}, {"b.txt", "code", 9, 2}};
  a.settings = {{"context", "256"}, {"bos", "yes"}, {"threads", "2"}};
  a.tokens_by_domain = {{"prose", 7}, {"code", 8}};
  auto b = a;
  std::swap(b.texts[0], b.texts[1]);
  std::swap(b.tokens_by_domain[0], b.tokens_by_domain[1]);
  b.texts[0].path = "elsewhere/b.txt";
  b.settings[2].second = "1";
  CHECK(census::differences(a, b).empty());
  b.tokens_by_domain[0].second = 9;
  CHECK(census::differences(a, b) ==
        std::vector<std::string>{"the same texts gave other numbers of tokens: another tokenizer"});
  b.settings[0].second = "128";
  CHECK(census::differences(a, b) == std::vector<std::string>{"context is 256 here and 128 there"});
  b.texts[1].hash = 3;
  CHECK(census::differences(a, b).size() == 2);
  b = a;
  b.settings.emplace_back("split", "");
  CHECK(census::differences(a, b).empty());  // a census from before texts could be split
  b.settings.back().second = "##";
  CHECK(census::differences(a, b) == std::vector<std::string>{"texts are split at nothing here and ## there"});
}
