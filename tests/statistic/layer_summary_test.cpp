// SPDX-License-Identifier: MIT
#include <census/statistic/layer_summary.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace {

/// A detector of 100 firings, so many of them supported.
census::detector detector_of(std::uint32_t neuron, std::optional<std::uint64_t> supported_firings) {
  return {neuron, 1, 100, {{0, 100, 100}}, true, supported_firings};
}

}  // namespace

TEST_CASE("a layer's summary counts its neurons, and leaves empty what is not known") {
  census::layer_census layer;
  layer.liveness.firings = {0, 5, 0, 2};
  auto const bare = census::summarise_layer(layer);
  CHECK(bare.dead == 2);
  CHECK_FALSE(bare.position.has_value());
  CHECK_FALSE(bare.proofs.has_value());
  CHECK_FALSE(bare.near_zero.has_value());

  layer.pre_activations =
      census::pre_activation_census{{}, {true, false, true, false}, {false, true, false, false}, {}, {}};
  CHECK(census::summarise_layer(layer).proofs->dead == 2);
  CHECK(census::summarise_layer(layer).proofs->always_on == 1);
  CHECK_FALSE(census::summarise_layer(layer).near_zero.has_value());
  layer.pre_activations->near_zero = {{0, 0, 3}, {5, 5, 0}, {0, 0, 0}, {2, 1, 4}};
  CHECK(census::summarise_layer(layer).near_zero->could_be_dead == 1);
  CHECK(census::summarise_layer(layer).near_zero->could_be_alive == 1);
}

TEST_CASE("detectors are counted by support, order and verdict") {
  census::layer_census layer;
  layer.tokens.cover = {1, 1, 7, 0};
  layer.tokens.detectors = {detector_of(0, 94), detector_of(1, 95)};
  layer.ngrams.resize(1);
  layer.ngrams[0].n = 2;
  layer.ngrams[0].detectors = {detector_of(1, 100), detector_of(2, 95)};
  layer.detector_order = {1, 1, 2, 0};
  CHECK_FALSE(census::summarise_layer(layer).token_verdicts.has_value());
  layer.tokens.claims = {{census::verdict::yes, 1}, {census::verdict::yes, 0}, {census::verdict::no, 0}, {}};
  CHECK_FALSE(census::summarise_layer(layer).token_verdicts.has_value());  // claimed, but not judged yet
  using enum census::verdict;
  layer.tokens.verdicts = {undecided, yes, no, undecided};
  auto const summary = census::summarise_layer(layer);
  CHECK(summary.tokens->detectors == 2);
  CHECK(summary.tokens->supported == 1);
  CHECK(summary.tokens->of_that_order == 2);
  CHECK(summary.tokens->covers[0] == 2);
  CHECK(summary.tokens->covers[1] == 1);
  CHECK(summary.token_verdicts->yes == 1);
  CHECK(summary.token_verdicts->no == 1);
  CHECK(summary.token_verdicts->claims == 3);
  REQUIRE(summary.ngrams.size() == 1);
  CHECK(summary.ngrams[0].detectors == 2);
  CHECK(summary.ngrams[0].supported == 2);
  CHECK(summary.ngrams[0].of_that_order == 1);
  layer.ngrams[0].detectors[0].supported_firings.reset();  // as where no firings were kept
  CHECK_FALSE(census::summarise_layer(layer).ngrams[0].supported.has_value());
}

TEST_CASE("where no firings were kept, the supported are not known, of a layer without detectors as of others") {
  census::layer_census layer;
  layer.tokens.cover = {7, 0};
  CHECK_FALSE(census::summarise_layer(layer).tokens->supported.has_value());
  layer.detector_order = {0, 0};
  CHECK(census::summarise_layer(layer).tokens->supported == 0);
}

TEST_CASE("a summary goes by the rules that the layer was taken by") {
  census::layer_census layer;
  layer.tokens.cover = {1, 1};
  layer.tokens.detectors = {detector_of(0, 60), detector_of(1, 95)};
  layer.ngrams.resize(1);
  layer.ngrams[0].n = 2;
  layer.ngrams[0].detectors = {detector_of(0, 80), detector_of(1, 95)};
  layer.detector_order = {1, 1};
  layer.position.positional = {false, true};
  layer.position.firing_entropy = {0.06, 0.5};
  census::census_rules const rules{
      .token_detector = {.explained = {1, 2}}, .ngram_detector = {.explained = {9, 10}}, .positional_above = 0.2};
  auto const summary = census::summarise_layer(layer, rules);
  CHECK(summary.tokens->supported == 2);
  CHECK(summary.ngrams[0].supported == 1);
  CHECK(summary.position->cannot_reach == 1);
  CHECK(census::summarise_layers(std::span(&layer, 1), rules)[0].tokens->supported == 2);
  auto const by_default = census::summarise_layer(layer);
  CHECK(by_default.tokens->supported == 1);
  CHECK(by_default.position->cannot_reach == 0);
}

TEST_CASE("types are counted of neurons positional beyond chance, not of those by the paper's rule alone") {
  using census::positional_type;
  census::layer_census layer;
  layer.position.positional = {true, true, true, false};
  layer.position.positional_corrected = {true, false, true, true};
  layer.position.types = {census::typed_neuron{positional_type::oscillatory, true},
                          census::typed_neuron{positional_type::oscillatory, true},
                          census::typed_neuron{positional_type::other, false},
                          census::typed_neuron{positional_type::oscillatory, false}};
  CHECK_FALSE(census::summarise_layer(layer).position->confident.has_value());
  layer.position.confident = {true, true, false, true};
  auto const position = *census::summarise_layer(layer).position;
  CHECK(position.plain == 3);
  CHECK(position.corrected == 3);
  CHECK(position.of(positional_type::oscillatory).all == 2);
  CHECK(position.of(positional_type::oscillatory).strong == 1);
  CHECK(position.of(positional_type::other).all == 1);
  CHECK(position.of(positional_type::one_extreme).all == 0);
  CHECK(position.confident == 2);

  layer.position.positional_corrected.clear();  // not known
  auto const unknown = *census::summarise_layer(layer).position;
  CHECK(unknown.plain == 3);
  CHECK_FALSE(unknown.corrected.has_value());
  CHECK_FALSE(unknown.confident.has_value());
}

TEST_CASE("types by the neurons' own rates, estimates, and neurons that can reach no threshold are counted as well") {
  using census::positional_type, census::verdict;
  census::layer_census layer;
  layer.position.positional = {true, true, false};
  layer.position.positional_corrected = {true, true, false};
  layer.position.types = {census::typed_neuron{positional_type::one_extreme, true, positional_type::other},
                          census::typed_neuron{positional_type::one_extreme, true, positional_type::both_extremes},
                          std::nullopt};
  layer.position.firing_entropy = {0.049, 0, 0.051};  // the second never fires there, or always
  auto position = *census::summarise_layer(layer).position;
  CHECK(position.of(positional_type::one_extreme).all == 2);
  CHECK(position.of(positional_type::one_extreme).by_own_rate == 0);
  CHECK(position.of(positional_type::both_extremes).by_own_rate == 1);
  CHECK(position.of(positional_type::other).by_own_rate == 1);
  CHECK(position.cannot_reach == 1);
  CHECK_FALSE(position.above_threshold.has_value());
  layer.position.above_threshold = {verdict::yes, std::nullopt, verdict::undecided};
  position = *census::summarise_layer(layer).position;
  CHECK(position.above_threshold->surely == 1);
  CHECK(position.above_threshold->possibly == 1);
  CHECK(position.above_threshold->surely_not == 0);
}

TEST_CASE("what layers detect is compared with the layers below, tokens and each n-gram by itself") {
  std::vector<census::layer_census> layers(2);
  layers[0].tokens.detected = {1, 2, 3}, layers[1].tokens.detected = {3, 4};
  for (auto& layer : layers) layer.tokens.cover = {1, 1}, layer.ngrams.resize(1);
  layers[0].ngrams[0].detected = {7}, layers[1].ngrams[0].detected = {7, 8, 9};
  auto const summaries = census::summarise_layers(layers);
  REQUIRE(summaries.size() == 2);
  CHECK(summaries[0].tokens->detected.new_overall == 3);
  CHECK(summaries[1].tokens->detected.detected == 2);
  CHECK(summaries[1].tokens->detected.cumulative == 4);
  CHECK(summaries[1].tokens->detected.new_vs_below == 1);
  CHECK(summaries[1].ngrams[0].detected.cumulative == 3);
  CHECK(summaries[1].ngrams[0].detected.new_overall == 2);
  CHECK(census::summarise_layers({}).empty());
}

TEST_CASE("what layers detect is not known where the text tells no tokens, and nothing where it does") {
  std::vector<census::layer_census> layers(2);
  for (auto& layer : layers) layer.liveness.firings = {3, 0}, layer.ngrams.resize(1);
  for (auto const& summary : census::summarise_layers(layers)) {
    CHECK_FALSE(summary.tokens.has_value());
    CHECK(summary.detectors(0) == nullptr);
    CHECK(summary.detectors(1) == nullptr);
  }
  for (auto& layer : layers) layer.tokens.cover = {2, 0};
  for (auto const& summary : census::summarise_layers(layers)) {
    CHECK(summary.detectors(0)->detectors == 0);
    CHECK(summary.detectors(1)->detected.cumulative == 0);
  }
}
