// SPDX-License-Identifier: MIT
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/report/neuronpedia.hpp>

#include "small_export.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <string>

TEST_CASE("a neuron is a feature of Neuronpedia's upload, its groups of examples with their shares of the firings") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  census::exported_neurons neurons(folder.path());
  CHECK(census::neuronpedia_feature(neurons.next().value()).dump() ==
        R"({"index":0,"density":0.0,"topLogits":[],"bottomLogits":[],"activations":[]})");
  auto const feature = census::neuronpedia_feature(neurons.next().value());
  CHECK(feature.at("density") == 0.125);
  CHECK(feature.at("topLogits").dump() == R"([{"token":" up","value":3.5}])");
  auto const& activations = feature.at("activations");
  REQUIRE(activations.size() == 4);
  CHECK(activations[0].at("tokens")[0] == census_test::hostile_text);
  CHECK(activations[0].at("values").dump() == "[0.25,2.5,0.0]");
  CHECK((activations[0].at("quantileMin") == 0.5 && activations[0].at("quantileMax") == 2.5));
  CHECK(activations[0].at("quantileFraction") == 0.5);  // 2 of 4 firings
  CHECK((activations[3].at("quantileMin") == 2.5 && activations[3].at("quantileFraction") == 0.5));
}

TEST_CASE("a census is uploaded in batches of at most 128 features of one layer, at most 20 logits a side") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  std::string rows = "layer,neuron,firings,firings_without_bos,frequency\n", tokens;
  for (int layer : {0, 1})
    for (int neuron = 0; neuron < 130; ++neuron)
      rows += std::to_string(layer) + "," + std::to_string(neuron) + ",0,0,0\n";
  for (int i = 0; i < 25; ++i) tokens += std::string(i == 0 ? "" : ",") + R"({"text":"t","id":1,"score":1})";
  folder.write("neurons.csv", rows);
  folder.write("layers.csv", "layer,neurons,dead\n0,130,130\n1,130,130\n");
  folder.write("detectors.jsonl",
               R"({"layer":1,"neuron":129,"n":1,"promoted":[)" + tokens + R"(],"suppressed":[]})" + "\n");
  census::whole_folder out(folder.path() / "out");
  std::uint64_t told = 0;
  census::export_to_neuronpedia(folder.path(), "a model", out, [&](auto done, auto in_all) {
    CHECK((done == told + 1 && in_all == 260));
    told = done;
  });
  CHECK(told == 260);
  out.commit();
  std::size_t files = 0;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder.path() / "out"))
    files += entry.is_regular_file();
  CHECK(files == 4);
  for (auto const& [name, features] :
       {std::pair("0/batch-0.json", std::size_t{128}), {"0/batch-1.json", 2}, {"1/batch-1.json", 2}}) {
    auto const batch = census::parse_json(census::read_file(folder.path() / "out" / name), name);
    CHECK(batch.at("modelId") == "a model");
    CHECK(batch.at("source") == std::string(1, name[0]));
    CHECK(batch.at("features").size() == features);
    if (std::string(name) == "1/batch-1.json") CHECK(batch.at("features")[1].at("topLogits").size() == 20);
  }
}
