// SPDX-License-Identifier: MIT
#include <census/statistic/judge_detectors.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using census::tested_claim;
using census::verdict;

namespace {

census::layer_census layer_of(std::vector<tested_claim> claims) {
  census::layer_census layer;
  layer.tokens.claims = std::move(claims);
  return layer;
}

}  // namespace

TEST_CASE("the claims of all layers are one family, and those that are plain leave room for the others") {
  std::vector<census::layer_census> layers{
      layer_of({{verdict::no, 1e-30}, {verdict::no, 1e-30}, {verdict::undecided, 1}, {verdict::yes, 0.02}}),
      layer_of({{verdict::yes, 0.03}, {verdict::no, 1e-30}, {verdict::undecided, 1}})};
  census::judge_detectors(
      layers);  // 0.02 <= 0.05 / 2, then 0.03 <= 0.05 / 1; by Bonferroni 0.05 / 5 neither would stand
  auto const first = std::vector{verdict::no, verdict::no, verdict::undecided, verdict::yes};
  CHECK(layers[0].tokens.verdicts == first);
  CHECK(layers[1].tokens.verdicts == std::vector{verdict::yes, verdict::no, verdict::undecided});
  census::judge_detectors(layers);
  CHECK(layers[0].tokens.verdicts == first);

  layers[1].tokens.claims[0].p = 0.06;  // alone above 0.05; and 0.02 is still at most 0.05 / 2
  census::judge_detectors(layers);
  CHECK(layers[0].tokens.verdicts == first);
  CHECK(layers[1].tokens.verdicts[0] == verdict::undecided);
  layers[0].tokens.claims[3].p = 0.026;  // above 0.05 / 2, though by its layer alone it would stand
  census::judge_detectors(layers);
  CHECK(layers[0].tokens.verdicts[3] == verdict::undecided);
  std::vector<census::layer_census> alone{layers[0]};
  census::judge_detectors(alone);
  CHECK(alone[0].tokens.verdicts[3] == verdict::yes);
}

TEST_CASE("where the firings were not kept nothing is judged") {
  std::vector<census::layer_census> layers(2);
  census::judge_detectors(layers);
  CHECK(layers[0].tokens.verdicts.empty());
}

TEST_CASE("in a model of neurons just beside the rule, at most one census in twenty says anything that is false") {
  // Two layers of 40 neurons that fire at 94.99 % of their token, so that none is a detector, beside 40 that never
  // could be: true claims that they are none, and whatever is claimed of the others.
  std::mt19937 random(31);
  int const rounds = 400;
  int false_ones = 0, refuted = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<census::layer_census> layers(2);
    for (auto& layer : layers)
      for (int n = 0; n < 80; ++n) {
        census::key_in_halves key;
        std::binomial_distribution<std::uint64_t> const at(2000, n < 40 ? 0.9499 : 0.5);
        auto draw = at;
        key.chosen_on = {draw(random), 2000}, key.tested_on = {draw(random), 2000};
        std::vector<census::key_in_halves> const keys{key};
        layer.tokens.claims.push_back(census::test_on_second_half(census::claim_on_first_half(keys), keys));
      }
    census::judge_detectors(layers);
    bool any = false;
    for (auto const& layer : layers) {
      any |= std::ranges::count(layer.tokens.verdicts, verdict::yes) > 0;
      refuted +=
          static_cast<int>(std::count(layer.tokens.verdicts.begin() + 40, layer.tokens.verdicts.end(), verdict::no));
    }
    false_ones += any;
  }
  CHECK(false_ones <= 0.05 * rounds + 4 * std::sqrt(0.05 * 0.95 * rounds));
  CHECK(refuted == 2 * 40 * rounds);
}
