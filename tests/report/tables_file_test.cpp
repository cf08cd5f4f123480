// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/report/tables_file.hpp>
#include <census/tabulation/key.hpp>

#include "surveyed_layers.hpp"

#include <support/catch.hpp>
#include <support/random_blocks.hpp>
#include <support/read_tensor.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using census_test::read_tensor;
using census_test::surveyed;

namespace {

std::uint64_t count_of(std::map<std::uint32_t, std::uint64_t> const& counts, std::uint32_t key) {
  auto const found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

TEST_CASE("every count of census.safetensors equals a brute-force recount from raw activations") {
  auto const source = surveyed::blocks();
  census_test::recount const recount(source);
  temporary_folder const folder;
  census::tables_file written(folder / "x.safetensors",
                              {0, surveyed::layers, surveyed::neurons, {"a", "b", "c"}, surveyed::context});
  for (auto const& layer : census_test::results_of(source)) written.append(layer);
  written.commit();

  constexpr std::size_t layers = surveyed::layers, neurons = surveyed::neurons, domains = surveyed::domains,
                        positions = surveyed::context;
  census::safetensors_file const file(folder / "x.safetensors");
  auto const firings = read_tensor<std::int64_t>(file, "firings", {layers, neurons});
  auto const by_domain = read_tensor<std::int64_t>(file, "firings_by_domain", {layers, domains, neurons});
  auto const by_position = read_tensor<std::uint32_t>(file, "firings_by_position", {layers, positions, neurons});
  auto const domain_tokens = read_tensor<std::int64_t>(file, "tokens_by_domain", {layers, domains});
  auto const in_each_layer = [](std::uint64_t count) {
    return std::vector<std::int64_t>(layers, static_cast<std::int64_t>(count));
  };
  CHECK(read_tensor<std::int64_t>(file, "full_sequences", {layers}) == in_each_layer(recount.positions.at(3)));
  CHECK(read_tensor<std::int64_t>(file, "tokens", {layers}) == in_each_layer(recount.neurons[0][0].tokens));
  std::size_t differing = 0;
  for (std::uint32_t layer = 0; layer < layers; ++layer)
    for (std::size_t n = 0; n < neurons; ++n) {
      auto const& one = recount.neurons[layer][n];
      differing += static_cast<std::uint64_t>(firings[layer * neurons + n]) != one.firings;
      for (std::uint32_t d = 0; d < domains; ++d) {
        differing +=
            static_cast<std::uint64_t>(by_domain[(layer * domains + d) * neurons + n]) != count_of(one.by_domain, d);
        differing += static_cast<std::uint64_t>(domain_tokens[layer * domains + d]) != recount.domains.at(d);
      }
      for (std::uint32_t p = 0; p < positions; ++p)
        differing += by_position[(layer * positions + p) * neurons + n] != count_of(one.by_position, p);
    }
  CHECK(differing == 0);
}

TEST_CASE(
    "a layer that is not of the census's shape, or not the next one, is refused, and the others are not touched") {
  auto const layers = census_test::results_of(surveyed::blocks());
  auto const tokens = layers[0].census.liveness.tokens;
  temporary_folder const folder;
  census::census_shape const shape{0, surveyed::layers, surveyed::neurons, {"a", "b", "c"}, surveyed::context};
  census::tables_file written(folder / "x.safetensors", shape);
  auto const refused = [&](auto change, char const* why) {
    auto other = layers[0];
    change(other);
    CHECK_THROWS_WITH(written.append(other), Catch::Matchers::Contains(why));
    CHECK_THROWS_AS(written.append(other), std::logic_error);
  };
  auto const wider = census_test::random_blocks({.neurons = 2 * surveyed::neurons, .layers = 1});
  census::firings_by<census::key::domain> by_domain;
  for (auto const& block : wider) by_domain.observe(block);
  refused([&](auto& of) { of.by_domain = by_domain.table(0); }, "layer 0 has a table that is not of the census's");
  refused([](auto& of) { of.by_position = census::without_position_0(of.by_position); }, "not one row for each");
  refused([](auto& of) { of.by_position = {}; }, "not one row for each");
  refused([](auto& of) { of.census.liveness.firings.push_back(1); }, "not one figure for each");
  refused([](auto& of) { of.census.tokens.cover.pop_back(); }, "not one figure for each");
  refused([](auto& of) { of.census.layer = 1; }, "layer 1 comes where layer 0 is to come");
  refused([](auto& of) { of.by_domain.keys.back() = 3; },
          "layer 0 has tokens of domain 3, and the census has 3 domains, from 0");
  written.append(layers[0]);
  auto of_less = layers[1];
  of_less.census.liveness.tokens -= 1;
  CHECK_THROWS_WITH(written.append(of_less),
                    Catch::Contains("layer 1 is of " + std::to_string(tokens - 1) + " tokens, and those before it of " +
                                    std::to_string(tokens)));
  for (std::size_t i = 1; i < layers.size(); ++i) written.append(layers[i]);
  auto one_more = layers[0];
  one_more.census.layer = surveyed::layers;
  CHECK_THROWS_WITH(written.append(one_more), Catch::Matchers::EndsWith("is one more than the census has"));
  CHECK_NOTHROW(written.commit());
}
