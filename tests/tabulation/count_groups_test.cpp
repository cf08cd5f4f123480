// SPDX-License-Identifier: MIT
#include <census/tabulation/count_groups.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/random_blocks.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <vector>

using census_test::kept_in;

namespace {

/// By the number of its document, every fourth document nowhere.
std::optional<std::uint32_t> group_of(census::sequence const& one) {
  if (!one.full || one.document % 4 == 3) return std::nullopt;
  return static_cast<std::uint32_t>(one.document % 4);
}

}  // namespace

TEST_CASE("counts by group and position equal a recount bit by bit, from memory, from a file and from both") {
  // More neurons than a stripe holds, and more sequences of a group than are counted at once.
  auto const blocks =
      census_test::random_blocks({.texts = 8, .sequences = 20, .neurons = 700, .layers = 1, .context = 6});
  std::map<std::tuple<std::uint32_t, std::size_t, std::size_t>, std::uint32_t> expected;
  std::vector<int> sequences(3);
  census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& one) {
    auto const group = group_of(one);
    if (!group) return;
    sequences[*group] += row == one.first_row;
    for (std::size_t n = 0; n < 700; ++n)
      if (block.firings().fires(row, n)) ++expected[{*group, row - one.first_row, n}];
  });
  REQUIRE(sequences[0] > 15);

  for (auto const where : {kept_in::memory, kept_in::file, kept_in::both}) {
    auto const layer = census_test::keep_layer(blocks, where);
    std::vector<std::uint32_t> counted(3 * 6 * 700, 0);
    census::count_groups(layer, 3, 6, group_of, [&](census::neuron_range neurons, auto& counts_of) {
      std::size_t const stride = (neurons.count + 63) / 64 * 64;
      for (std::uint32_t group : {2u, 0u, 1u}) {  // in any order
        auto const counts = counts_of(group);
        REQUIRE(counts.size() == 6 * stride);
        for (std::size_t p = 0; p < 6; ++p)
          for (std::size_t n = 0; n < neurons.count; ++n)
            counted[(group * 6 + p) * 700 + neurons.first + n] = counts[p * stride + n];
      }
    });
    std::size_t differing = 0, at = 0;
    for (std::uint32_t group = 0; group < 3; ++group)
      for (std::size_t p = 0; p < 6; ++p)
        for (std::size_t n = 0; n < 700; ++n) {
          auto const found = expected.find({group, p, n});
          differing += counted[at++] != (found == expected.end() ? 0 : found->second);
        }
    CHECK(differing == 0);
  }
}

TEST_CASE("a sequence of another length and a group that there is not are refused") {
  auto const layer = census_test::keep_layer(census_test::random_blocks({.layers = 1, .context = 6}), kept_in::memory);
  auto const nothing = [](census::neuron_range, auto&) {};
  CHECK_THROWS_WITH(census::count_groups(layer, 3, 7, group_of, nothing), Catch::Contains("has 6 positions, not 7"));
  CHECK_THROWS_AS(census::count_groups(layer, 1, 6, group_of, nothing), std::out_of_range);
}
