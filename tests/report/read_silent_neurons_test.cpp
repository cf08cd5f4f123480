// SPDX-License-Identifier: MIT
#include <census/report/read_silent_neurons.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <vector>

TEST_CASE("the silent neurons of an earlier census are those without firings, of the layers asked for") {
  temporary_folder const folder;
  folder.write("neurons.csv", "layer,neuron,firings\n1,0,0\n1,1,7\n1,2,0\n2,0,1\n2,1,1\n2,2,3\n3,0,0\n");
  using lists = std::vector<std::vector<std::uint32_t>>;
  CHECK(census::read_silent_neurons(folder.path(), 1, 3, 3) == lists{{0, 2}, {}});
  CHECK(census::read_silent_neurons(folder.path(), 3, 4, 3) == lists{{0}});
  CHECK_THROWS_WITH(census::read_silent_neurons(folder.path(), 0, 2, 3), Catch::Contains("has no layer 0"));
  CHECK_THROWS_WITH(census::read_silent_neurons(folder.path(), 1, 3, 2),
                    Catch::Contains("is of a model with more neurons a layer"));
  folder.write("neurons.csv", "layer,neuron,firings\n1,0,\n");
  CHECK_THROWS_WITH(census::read_silent_neurons(folder.path(), 1, 2, 3),
                    Catch::Contains("neurons.csv:2: is no row of a neuron"));
}
