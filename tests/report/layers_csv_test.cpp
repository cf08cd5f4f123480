// SPDX-License-Identifier: MIT
#include <census/report/layers_csv.hpp>

#include "csv_rows.hpp"
#include "surveyed_layers.hpp"

#include <support/catch.hpp>

#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using census_test::surveyed;

namespace {

auto layer_rows(std::vector<census::layer_census> const& layers,
                std::map<std::uint32_t, census::layer_suppression> const& suppression = {}) {
  std::ostringstream out;
  census::write_layers_csv(out, layers, census::summarise_layers(layers), suppression);
  return census_test::csv_rows(out.str());
}

}  // namespace

TEST_CASE("every count of layers.csv equals a brute-force recount from raw activations") {
  auto const source = surveyed::blocks();
  census_test::recount const recount(source);
  auto rows = layer_rows(census_test::censuses_of(census_test::results_of(source)));
  REQUIRE(rows.size() == surveyed::layers);
  auto const sequences = static_cast<double>(recount.positions.at(0));
  std::set<std::uint32_t> before, below;
  for (std::uint32_t layer = 0; layer < surveyed::layers; ++layer) {
    std::set<std::uint32_t> detected;
    std::size_t dead = 0, detectors = 0, positional = 0, woken_once = 0, bigrams_in_bin = 0, new_overall = 0, fresh = 0,
                cannot = 0;
    for (std::size_t n = 0; n < surveyed::neurons; ++n) {
      auto const& one = recount.neurons[layer][n];
      dead += one.firings == 0;
      woken_once += one.documents.size() == 1;
      positional += census_test::information_by_definition(one, sequences) > 0.05;
      double const uncertain = census_test::entropy_behind_position_0(one, sequences);
      cannot += uncertain > 0 && uncertain <= 0.05;
      auto const cover = census_test::cover_by_definition(one.by_bigram);
      bigrams_in_bin += cover >= 11 && cover <= 50;
      if (!recount.is_detector(layer, n)) continue;
      ++detectors;
      detected.merge(recount.triggers(layer, n));
    }
    for (auto const token : detected) new_overall += !before.contains(token), fresh += !below.contains(token);
    before.insert(detected.begin(), detected.end());
    below = detected;

    auto& row = rows[layer];
    CAPTURE(layer);
    CHECK(row["dead"] == std::to_string(dead));
    CHECK(std::stod(row["dead_share"]) == Approx(double(dead) / surveyed::neurons));
    CHECK(row["token_detectors"] == std::to_string(detectors));
    CHECK(row["detected_tokens"] == std::to_string(detected.size()));
    CHECK(row["detected_cumulative"] == std::to_string(before.size()));
    CHECK(row["detected_new_overall"] == std::to_string(new_overall));
    CHECK(row["detected_new_vs_below"] == std::to_string(fresh));
    CHECK(row["positional"] == std::to_string(positional));
    CHECK(row["cannot_be_positional"] == std::to_string(cannot));
    CHECK(row["documents"] == std::to_string(surveyed::documents));
    CHECK(row["woken_by_one_document"] == std::to_string(woken_once));
    CHECK(std::stod(row["next_document_wakes"]) == Approx(double(woken_once) / surveyed::documents).margin(1e-12));
    CHECK(row["cover_bigram_11_50"] == std::to_string(bigrams_in_bin));
    CHECK(row["full_sequences"] == std::to_string(recount.positions.at(3)));
  }
  CHECK(before.size() > 0);  // else some of the test would be empty
  CHECK(rows[0]["dead"] != "0");
}

TEST_CASE("what was not looked for is left empty in layers.csv") {
  census::layer_census layer;
  layer.layer = 5, layer.liveness.firings = {0, 0}, layer.liveness.dead_share = 1;
  auto rows = layer_rows({layer});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0]["layer"] == "5");
  for (auto const* name :
       {"mean_frequency_alive", "positional", "positional_confident", "documents", "decoy_threshold",
        "triggers_suppressing", "team_coverage", "provably_dead", "dead_by_rounding", "still_to_wake_error",
        "token_detectors_refuted", "token_detector_claims", "rounding_rms", "rounding_tokens", "positional_surely",
        "positional_groups", "cannot_be_positional", "positional_other_by_own_rate", "team_neurons"})
    CHECK(rows[0].at(name) == "");
  CHECK(rows[0].at("triggers_repeated") == "");  // without tokens, nobody knows what follows what
  layer.tokens.cover = {0, 0};
  CHECK(layer_rows({layer})[0].at("triggers_repeated") == "0");
}

TEST_CASE(
    "what rounding did, and how far verdicts and estimates reach, stand in the layer's row where they are known") {
  census::layer_census layer;
  layer.liveness.firings = {1, 1, 0};
  layer.liveness.unseen = census::unseen_estimate{.still_to_wake = 2, .still_to_wake_error = 1.25};
  using enum census::verdict;
  layer.tokens.claims = {{yes, 0.5}, {no, 0}, {}};
  layer.tokens.verdicts = {undecided, no, undecided};
  layer.rounding.emplace();
  std::vector<double> const exact{2, -0.5, 0}, bounds{0.25, 8, 1};
  layer.rounding->add(std::vector{1.f, 0.5f, 0.f}, exact, bounds);  // both off by 1, one fires that should not
  auto rows = layer_rows({layer});
  CHECK(rows[0]["still_to_wake_error"] == "1.25");
  CHECK(rows[0]["token_detectors_surely"] == "0");
  CHECK(rows[0]["token_detectors_refuted"] == "1");
  CHECK(rows[0]["token_detector_claims"] == "2");
  CHECK(rows[0]["rounding_tokens"] == "1");
  CHECK(std::stod(rows[0]["rounding_rms"]) == Approx(std::sqrt(2.0 / 3)));
  CHECK(std::stod(rows[0]["rounding_rms_of_values"]) == Approx(std::sqrt(4.25 / 3)));
  CHECK(rows[0]["rounding_largest"] == "1");
  CHECK(rows[0]["rounding_largest_of_bound"] == "4");
  CHECK(rows[0]["rounding_firings_differ"] == "1");
  CHECK(rows[0]["rounding_differ_share"] == "1");
}

TEST_CASE("suppression stands in the row of its layer, each of the four kinds under its own name") {
  census::layer_census layer;
  layer.layer = 1, layer.liveness.firings = {1}, layer.tokens.cover = {1};
  census::layer_suppression suppression;
  suppression.all.plain = {.detectors = 8, .negative = 7, .with_null = 4, .below_null = 3, .percentiles = 1};
  suppression.all.centred = {.detectors = 8, .negative = 6};
  suppression.where_repeated.plain = {.detectors = 5, .negative = 4, .with_others = 3, .below_others = 2};
  suppression.where_repeated.centred = {.detectors = 5, .negative = 1};
  auto rows = layer_rows({layer}, {{1, suppression}, {2, {}}});
  CHECK(rows[0]["triggers_suppressing"] == "7");
  CHECK(rows[0]["triggers_null_percentile"] == "0.25");
  CHECK(rows[0]["triggers_below_null"] == "3");
  CHECK(rows[0]["triggers_below_others"] == "");
  CHECK(rows[0]["triggers_centred_suppressing"] == "6");
  CHECK(rows[0]["triggers_repeated"] == "5");
  CHECK(rows[0]["triggers_repeated_suppressing"] == "4");
  CHECK(rows[0]["triggers_repeated_below_others"] == "2");
  CHECK(rows[0]["triggers_repeated_centred_suppressing"] == "1");
}

TEST_CASE("layers.csv is refused without a summary for each layer") {
  std::vector<census::layer_census> const layers(2);
  std::ostringstream out;
  CHECK_THROWS_AS(census::write_layers_csv(out, layers, {}), std::invalid_argument);
}

TEST_CASE("who is positional is left empty where too few sequences lie inside documents, and its types with it") {
  census::layer_census layer;
  layer.liveness.firings = {5, 0};
  layer.position.full_sequences = 20, layer.position.full_sequences_inside = 3;
  layer.position.positional = {true, false};
  layer.position.types = {census::typed_neuron{}, std::nullopt};
  layer.position.estimate.groups = 3;
  auto rows = layer_rows({layer});
  CHECK(rows[0]["positional"] == "1");
  CHECK(rows[0]["positional_groups"] == "3");
  for (auto const* name : {"positional_corrected", "positional_other", "positional_other_strong",
                           "positional_other_by_own_rate", "positional_confident", "positional_surely"})
    CHECK(rows[0].at(name) == "");

  layer.position.positional_corrected = {true, false};
  layer.position.above_threshold = {census::verdict::undecided, census::verdict::no};
  rows = layer_rows({layer});
  CHECK(rows[0]["positional_corrected"] == "1");
  CHECK(rows[0]["positional_other_by_own_rate"] == "1");
  CHECK(rows[0]["positional_surely"] == "0");
  CHECK(rows[0]["positional_possibly"] == "1");
}

TEST_CASE("of positions alone, what needs to know where documents begin is left empty, and none of it is 0") {
  census::layer_census layer;
  layer.liveness.firings = {5, 0};
  layer.position.full_sequences = 20;
  layer.position.positional = {true, false};
  layer.position.types.resize(2);
  auto rows = layer_rows({layer});
  CHECK(rows[0]["full_sequences"] == "20");
  CHECK(rows[0]["full_sequences_inside"] == "");
  CHECK(rows[0]["team_neurons"] == "");

  layer.position.decoy_w = {0.1, 0};
  rows = layer_rows({layer});
  CHECK(rows[0]["full_sequences_inside"] == "0");
  CHECK(rows[0]["team_neurons"] == "");  // as many as would do are not inside documents

  layer.position.positional_corrected = {false, false};
  CHECK(layer_rows({layer})[0]["team_neurons"] == "0");
}

TEST_CASE("what a text without token ids cannot tell is left empty, and none of it is 0") {
  std::vector<census::block> blocks;
  for (auto const& with_ids : surveyed::blocks())
    blocks.emplace_back(with_ids.layer(), census::share(census::text_rows::without_tokens(with_ids.text()->sequences)),
                        with_ids.firings());
  auto const rows = layer_rows(census_test::censuses_of(census_test::results_of(blocks)));
  REQUIRE(rows.size() == surveyed::layers);
  for (auto const& row : rows) {
    CHECK(row.at("dead") != "");
    for (auto const& [name, cell] : row) {
      bool const of_tokens =
          name.find("detect") != name.npos || name.starts_with("cover_") || name.starts_with("triggers");
      CAPTURE(name);
      if (of_tokens) CHECK(cell == "");
    }
  }
}
