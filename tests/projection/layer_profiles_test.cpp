// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>
#include <census/projection/layer_profiles.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/ngram_texts.hpp>
#include <support/planted_table.hpp>

#include <map>

namespace {

census::profile_builder<std::string (*)(census::token_id)> make_builder() {
  return census::profile_builder(
      +[](census::token_id token) { return std::to_string(token) + "."; }, 1);
}

}  // namespace

TEST_CASE("a layer's profiles are of its detectors of tokens, the most specific others, and its n-gram detectors") {
  census::text_rows rows{{5, 6, 7, 5, 6}, {{.length = 5}}};
  std::vector<census::ngram_rows> ngrams;
  ngrams.emplace_back(2, census::share(rows));  // 5 6, 6 7, 7 5
  census::layer_census layer;
  layer.layer = 4;
  layer.tokens.firings = {60, 70, 80};
  layer.tokens.cover = {1, 2, 2};
  layer.tokens.repeat_rates = {0.5, {}, 0.25};
  layer.tokens.keys = {5, 6, 7};
  layer.tokens.detectors = {{1, 2, 70, {{0, 70, 70}}, true}};
  layer.detector_order = {2, 1, 0};
  layer.ngrams.resize(1);
  layer.ngrams[0].detectors = {{0, 1, 60, {{0, 60, 60}}, true}};
  layer.ngrams[0].repeat_rates = {0.75};
  auto const by_token = census_test::planted_table({{60, 70, 0}, {0, 0, 80}, {0, 0, 0}}, {70, 90, 5});

  auto builder = make_builder();
  std::map<std::uint32_t, int> asked;
  census::add_profiles(builder, layer, by_token, ngrams, [&](std::uint32_t neuron) -> census::seen_update {
    ++asked[neuron];
    return {Eigen::VectorXf::Constant(2, static_cast<float>(neuron)), {}};
  });
  auto const& profiles = builder.project(8, [](std::size_t, std::size_t count) -> census::embedding_matrix {
    return census::embedding_matrix::Ones(static_cast<Eigen::Index>(count), 2);
  });
  CHECK(asked == std::map<std::uint32_t, int>{{0, 1}, {1, 1}, {2, 1}});
  REQUIRE(profiles.size() == 4);  // neuron 1; 0 and 2, which are no detectors of tokens; 0 by bigrams
  CHECK(profiles[0].neuron == 1);
  CHECK(profiles[0].is_detector);
  CHECK(profiles[0].layer == 4);
  CHECK(profiles[0].ngrams[0].text == "5.");
  CHECK(profiles[0].reliability.verdict == std::nullopt);  // it needs all layers
  CHECK(profiles[0].reliability.order == 1);
  CHECK(profiles[1].neuron == 0);
  CHECK_FALSE(profiles[1].is_detector);
  CHECK(profiles[1].reliability.verdict == std::nullopt);
  CHECK(profiles[1].reliability.repeat_rate == 0.5);
  CHECK(profiles[2].neuron == 2);
  CHECK(profiles[2].ngrams[0].text == "6.");
  CHECK(profiles[3].neuron == 0);
  CHECK(profiles[3].is_detector);
  CHECK(profiles[3].ngrams[0].ids == std::vector<census::token_id>{5, 6});
  CHECK(profiles[3].reliability.repeat_rate == 0.75);
  CHECK(profiles[3].reliability.order == 2);
}

TEST_CASE("profiles of a census by n-grams that are not given are refused") {
  census::layer_census layer;
  layer.ngrams.resize(1);
  auto builder = make_builder();
  CHECK_THROWS_AS(census::add_profiles(builder, layer, census::firing_counts(0), {},
                                       [](std::uint32_t) { return census::seen_update{}; }),
                  std::invalid_argument);
}
