// SPDX-License-Identifier: MIT
#include <census/tabulation/select_neurons.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/random_blocks.hpp>

#include <utility>

using census_test::kept_in;

TEST_CASE("selected neurons fire where they did, in the order given, wherever their firings lay") {
  auto const blocks = census_test::random_blocks({.texts = 3, .neurons = 200, .layers = 1});
  std::vector<std::uint32_t> neurons{199, 0, 64, 63, 0, 130};
  for (std::uint32_t n = 0; n < 70; ++n) neurons.push_back(2 * n);  // more than a word
  for (auto const where : {kept_in::memory, kept_in::file, kept_in::both}) {
    auto const selected = census::select_neurons(keep_layer(blocks, where), neurons);
    CHECK(selected.neurons() == neurons.size());
    CHECK(selected.in_memory());
    REQUIRE(selected.parts().size() == blocks.size());
    bool same = true;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      CHECK(selected.parts()[b].text == blocks[b].text());
      auto const& firings = std::get<census::packed_firings>(selected.parts()[b].firings);
      for (std::size_t row = 0; row < firings.rows(); ++row)
        for (std::size_t i = 0; i < neurons.size(); ++i)
          same &= firings.fires(row, i) == blocks[b].firings().fires(row, neurons[i]);
    }
    CHECK(same);
  }
  CHECK(census::select_neurons(keep_layer(blocks, kept_in::memory), {}).neurons() == 0);
}

TEST_CASE("neighbours that fill words are selected as the others are, wherever they begin") {
  auto const blocks = census_test::random_blocks({.texts = 2, .neurons = 300, .layers = 1});
  for (auto const& [first, last] : {std::pair{64u, 256u}, {128u, 300u}, {0u, 300u}, {65u, 200u}, {192u, 255u}}) {
    std::vector<std::uint32_t> neurons;
    for (std::uint32_t n = first; n < last; ++n) neurons.push_back(n);
    auto const selected = census::select_neurons(keep_layer(blocks, kept_in::file), neurons);
    bool same = true;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      auto const& firings = std::get<census::packed_firings>(selected.parts()[b].firings);
      for (std::size_t row = 0; row < firings.rows(); ++row)
        for (std::size_t i = 0; i < neurons.size(); ++i)
          same &= firings.fires(row, i) == blocks[b].firings().fires(row, neurons[i]);
    }
    CAPTURE(first, last);
    CHECK(same);
  }
}

TEST_CASE("a neuron that the layer has not is refused") {
  auto const layer = keep_layer(census_test::random_blocks({.layers = 1}), kept_in::memory);
  CHECK_THROWS_AS(census::select_neurons(layer, std::vector<std::uint32_t>{1, 70}), std::invalid_argument);
}
