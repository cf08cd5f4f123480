// SPDX-License-Identifier: MIT
#include <census/statistic/detected_sets.hpp>
#include <census/token_id.hpp>

#include <support/catch.hpp>

#include <array>
#include <random>
#include <set>

using census::token_id;

TEST_CASE("detected sets by hand: a key that comes back is new against the layer below, and not overall") {
  auto const counts = census::detected_across_layers(std::vector<std::vector<token_id>>{{3, 5, 9}, {5}, {}, {3, 4, 5}});
  auto const is = [&](std::size_t layer, std::uint64_t detected, std::uint64_t cumulative, std::uint64_t new_overall,
                      std::uint64_t new_vs_below) {
    auto const& here = counts.at(layer);
    return here.detected == detected && here.cumulative == cumulative && here.new_overall == new_overall &&
           here.new_vs_below == new_vs_below;
  };
  REQUIRE(counts.size() == 4);
  CHECK(is(0, 3, 3, 3, 3));
  CHECK(is(1, 1, 3, 0, 0));
  CHECK(is(2, 0, 3, 0, 0));
  CHECK(is(3, 3, 4, 1, 3));
}

TEST_CASE("detected sets of n-grams of any length, as arrays, vectors or numbers, equal a recount with sets") {
  std::mt19937 random(41);
  auto const check = [&](auto draw) {
    using key = decltype(draw());
    std::vector<std::vector<key>> layers;
    for (int layer = 0; layer < 8; ++layer) {
      std::set<key> keys;
      for (std::size_t i = random() % 12; i > 0; --i) keys.insert(draw());
      layers.emplace_back(keys.begin(), keys.end());
    }
    auto const counts = census::detected_across_layers(layers);
    std::set<key> before, below;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      std::uint64_t new_overall = 0, new_vs_below = 0;
      for (key const& one : layers[l]) new_overall += !before.contains(one), new_vs_below += !below.contains(one);
      before.insert(layers[l].begin(), layers[l].end());
      below = {layers[l].begin(), layers[l].end()};
      CHECK(counts[l].detected == layers[l].size());
      CHECK(counts[l].cumulative == before.size());
      CHECK(counts[l].new_overall == new_overall);
      CHECK(counts[l].new_vs_below == new_vs_below);
    }
  };
  auto const token = [&] { return static_cast<token_id>(random() % 4); };
  check([&] { return std::array<token_id, 2>{token(), token()}; });
  check([&] { return std::array<token_id, 3>{token(), 1, token()}; });
  check([&] { return random() % 3 == 0 ? std::vector<token_id>{token()} : std::vector<token_id>{token(), token()}; });
  check([&] { return static_cast<std::uint32_t>(random() % 20); });
}
