// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>
#include <census/model/open_model.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <vector>

TEST_CASE("a pass that keeps pre-activations yields the same firings, and the values that its activations came from") {
  for (std::string const function : {"relu", "gelu", "silu"}) {
    temporary_folder folder;
    random_model{.layers = 3, .activation = function}.write(folder.path());
    auto const model = census::open_model(folder.path());
    auto const texts =
        std::vector{text_of({random_sequence(5, 50), random_sequence(16, 50)}), text_of({random_sequence(9, 50)})};
    std::vector<census::block> after, before, by_layers;
    for (auto const& block : census::activations(model, texts)) after.push_back(block);
    for (auto const& block : census::activations(model, texts, {.keep_values = census::pre_activations}))
      before.push_back(block);
    for (auto&& layer : census::layers(model, texts, {.keep_values = census::pre_activations}))
      for (auto const& block : layer) by_layers.push_back(block);
    REQUIRE(before.size() == after.size());

    std::size_t negative = 0;
    for (std::size_t b = 0; b < before.size(); ++b) {
      for (std::size_t i = 0; i < before[b].firings().rows(); ++i) {
        CHECK(std::ranges::equal(before[b].firings().row(i), after[b].firings().row(i)));
        for (std::size_t n = 0; n < 70; ++n) {
          float const x = before[b].values().row(i)[n], f = after[b].values().row(i)[n];
          REQUIRE((x > 0) == (f > 0));
          if (function == "relu") REQUIRE(f == std::max(x, 0.f));
          if (function == "silu") REQUIRE(f == Approx(x / (1 + std::exp(-x))).margin(1e-6));
          negative += x < 0;
        }
      }
      auto const same = std::ranges::find_if(by_layers, [&](census::block const& other) {
        return other.layer() == before[b].layer() && other.text() == before[b].text();
      });
      REQUIRE(same != by_layers.end());
      for (std::size_t i = 0; i < before[b].firings().rows(); ++i)
        REQUIRE(std::ranges::equal(before[b].values().row(i), same->values().row(i)));
    }
    CHECK(negative > 1000);
  }
}

TEST_CASE("a pass that keeps the values of firings alone yields those of a pass that keeps all") {
  temporary_folder folder;
  random_model{.layers = 3, .activation = "gelu"}.write(folder.path());
  auto const model = census::open_model(folder.path());
  auto const texts =
      std::vector{text_of({random_sequence(5, 50), random_sequence(16, 50)}), text_of({random_sequence(9, 50)})};
  std::vector<census::block> all, firings;
  for (auto const& block : census::activations(model, texts)) all.push_back(block);
  for (auto const& block : census::activations(model, texts, {.keep_values = census::values_of_firings}))
    firings.push_back(block);
  REQUIRE(all.size() == firings.size());
  std::size_t seen = 0;
  for (std::size_t b = 0; b < all.size(); ++b) {
    REQUIRE((firings[b].values().empty() && all[b].firing_values().empty()));
    for (std::size_t i = 0; i < all[b].firings().rows(); ++i) {
      REQUIRE(std::ranges::equal(all[b].firings().row(i), firings[b].firings().row(i)));
      float const* value = firings[b].firing_values().row(i);
      for (std::size_t n = 0; n < 70; ++n) {
        if (!all[b].firings().fires(i, n)) continue;
        REQUIRE(*value++ == all[b].values().row(i)[n]);
        ++seen;
      }
    }
  }
  CHECK(seen > 1000);
}
