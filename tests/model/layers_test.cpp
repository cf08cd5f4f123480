// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>

#include "block_bits.hpp"
#include "small_model.hpp"

#include <support/catch.hpp>

#include <map>
#include <ranges>

TEST_CASE("what is kept, which layers are asked for and how they are walked does not change a bit") {
  auto const model = small_model({.layers = 3});
  auto const all = bits_by_layer(census::activations(model, three_texts()));
  REQUIRE(all.size() == 3);
  CHECK(bits_by_layer(census::activations(model, three_texts(), {.keep_weights = false})) == all);
  CHECK(bits_by_layer(census::activations(model, three_texts(), {.layers = {1, 2}})).at(1) == all.at(1));

  auto const firings = bits_by_layer(census::activations(model, three_texts(), {.keep_values = false}));
  std::map<std::uint32_t, bits> by_layers;
  for (auto&& layer : census::layers(model, three_texts())) by_layers.merge(bits_by_layer(layer));
  CHECK(by_layers == all);
  by_layers.clear();
  for (auto&& layer : census::layers(model, three_texts(), {.layers = {1, 3}, .keep_values = false}))
    by_layers.merge(bits_by_layer(layer));
  CHECK(by_layers.size() == 2);
  CHECK(by_layers.at(1) == firings.at(1));
  CHECK(by_layers.at(2) == firings.at(2));
}

TEST_CASE("a layer's source that is not read to its end does not disturb the next layer") {
  auto const model = small_model({.layers = 3});
  auto const all = bits_by_layer(census::activations(model, three_texts()));
  std::size_t layers = 0;
  for (auto&& layer : census::layers(model, three_texts())) {
    if (layers == 2) CHECK(bits_by_layer(layer).at(2) == all.at(2));
    if (layers == 1)
      for (census::block const& block : layer | std::views::take(1)) CHECK(block.layer() == 1);
    ++layers;
  }
  CHECK(layers == 3);
}
