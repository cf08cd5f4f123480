// SPDX-License-Identifier: MIT
#include <census/report/read_silent_neurons.hpp>
#include <census/report/run_json.hpp>

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <string>
#include <vector>

TEST_CASE("the silent neurons of an earlier census are those without firings, of the layers asked for") {
  temporary_folder const folder;
  folder.write("neurons.csv", "layer,neuron,firings\n1,0,0\n1,1,7\n1,2,0\n2,0,1\n2,1,1\n2,2,3\n3,0,0\n3,1,2\n3,2,9\n");
  using lists = std::vector<std::vector<std::uint32_t>>;
  CHECK(census::detail::silent_neurons_of_csv(folder.path(), 1, 3, 3) == lists{{0, 2}, {}});
  CHECK(census::detail::silent_neurons_of_csv(folder.path(), 3, 4, 3) == lists{{0}});
  CHECK_THROWS_WITH(census::detail::silent_neurons_of_csv(folder.path(), 0, 2, 3), Catch::Contains("has no layer 0"));
}

TEST_CASE("a row that is no neuron's is refused by its line, wherever it stands") {
  temporary_folder const folder;
  auto const complaint = [&](std::string const& rows) {
    folder.write("neurons.csv", "layer,neuron,firings\n" + rows);
    return census_test::complaint_about(folder.path(),
                                        [&] { census::detail::silent_neurons_of_csv(folder.path(), 0, 1, 3); });
  };
  auto const refused = [&](std::string const& rows, std::string const& message) {
    folder.write("neurons.csv", "layer,neuron,firings\n" + rows);
    CHECK_THROWS_WITH(census::detail::silent_neurons_of_csv(folder.path(), 0, 1, 3), Catch::Contains(message));
  };
  refused("0,4000000000,0\n0,1,0\n", "neurons.csv:2: is of neuron 4000000000; a layer should have neurons 0 to 2");
  refused("0,0,0\n0,0,0\n0,1,0\n", "neurons.csv:3: is of neuron 0");                    // twice
  refused("0,0,0\n0,4294967297,0\n0,2,0\n", "neurons.csv:3: is of neuron 4294967297");  // 1 beyond 32 bits
  refused("0,0,0\n0,2,0\n", "neurons.csv:3: is of neuron 2");                           // one is left out
  refused("0,0,0\n0,1,0\n0,2,0\n0,3,0\n", "neurons.csv:5: is of neuron 3");
  refused("0,0,0\n1,0,0\n0,1,0\n", "neurons.csv:4: the layers do not ascend");
  refused("0,0,\n", "neurons.csv:2: is no row of a neuron");
  refused("0,0,-1\n", "neurons.csv:2: column \"firings\"");
  CHECK(complaint("0,0,0\n0,1,0\n") == "layer 0 has 2 neurons, the model 3; it is of another model");
  CHECK(complaint("4294967296,0,0\n") == "has no layer 0");
}

TEST_CASE("the silent neurons are read of a finished census of the same model alone") {
  temporary_folder const folder;
  std::string const model = R"({"path": "m/config.json", "bytes": 1, "fnv1a_64": "000000000000000a"})";
  folder.write("layers.csv", "layer,neurons,dead\n0,2,1\n");
  folder.write("neurons.csv", "layer,neuron,firings\n0,0,0\n0,1,7\n");
  std::vector<census::run_record::file> const same{{"elsewhere/config.json", "", 1, 0xa}},
      other{{"m/config.json", "", 1, 0xb}};
  auto const read = [&](auto const& files) { return census::read_silent_neurons(folder.path(), files, 0, 1, 2); };

  CHECK_THROWS_WITH(read(same), Catch::Contains("run.json: the file is missing"));  // it is being replaced
  folder.write("run.json", R"({"model": [)" + model + "]}");
  CHECK(read(same) == std::vector<std::vector<std::uint32_t>>{{0}});
  CHECK(census_test::complaint_about(folder.path(), [&] { read(other); }) ==
        "is not a census of this model: the models differ: config.json is not the same file (by its hash)");
  folder.write("neurons.csv", "layer,neuron,firings\n0,0,0\n0,1,0\n");
  CHECK_THROWS_WITH(read(same), Catch::Contains("layers.csv and neurons.csv are not of one census"));
}
