// SPDX-License-Identifier: MIT
#include <census/report/neurons_csv.hpp>

#include "csv_rows.hpp"
#include "surveyed_layers.hpp"

#include <support/catch.hpp>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

using census_test::surveyed;

namespace {

auto neuron_rows(std::vector<census::layer_census> const& layers) {
  std::ostringstream out;
  census::write_neurons_csv(out, layers);
  return census_test::csv_rows(out.str());
}

std::string or_none(std::uint64_t count) { return count == 0 ? "" : std::to_string(count); }

}  // namespace

TEST_CASE("every figure of neurons.csv equals a brute-force recount from raw activations") {
  auto const source = surveyed::blocks();
  census_test::recount const recount(source);
  auto rows = neuron_rows(census_test::censuses_of(census_test::results_of(source)));
  REQUIRE(rows.size() == surveyed::layers * surveyed::neurons);
  auto const sequences = static_cast<double>(recount.positions.at(0));
  std::size_t detectors = 0;
  for (std::uint32_t layer = 0; layer < surveyed::layers; ++layer)
    for (std::size_t n = 0; n < surveyed::neurons; ++n) {
      auto& row = rows[layer * surveyed::neurons + n];
      auto const& one = recount.neurons[layer][n];
      CAPTURE(layer, n);
      CHECK(row["layer"] == std::to_string(layer));
      CHECK(row["neuron"] == std::to_string(n));
      CHECK(row["firings"] == std::to_string(one.firings));
      CHECK(row["firings_without_bos"] == std::to_string(one.firings_without_bos));
      CHECK(std::stod(row["frequency"]) == Approx(double(one.firings) / double(one.tokens)).epsilon(1e-15).margin(0));
      CHECK(row["firing_rate_upper_95"].empty() == (one.firings > 0));
      if (one.firings == 0)
        CHECK(std::stod(row["firing_rate_upper_95"]) == Approx(1 - std::pow(0.05, 1.0 / surveyed::documents)));

      CHECK(row["cover_unigram"] == or_none(census_test::cover_by_definition(one.by_token)));
      CHECK(row["cover_bigram"] == or_none(census_test::cover_by_definition(one.by_bigram)));
      CHECK(row["cover_trigram"] == or_none(census_test::cover_by_definition(one.by_trigram)));
      bool const detector = recount.is_detector(layer, n);
      CHECK(row["token_detector"] == (detector ? "1" : "0"));
      CHECK((row["detector_order"] == "1") == detector);
      detectors += detector;

      double const information = census_test::information_by_definition(one, sequences);
      CHECK(std::stod(row["mutual_information"]) == Approx(information).margin(1e-12));
      CHECK(row["positional"] == (information > 0.05 ? "1" : "0"));
      CHECK(row["positional_type"].empty() == (row["positional"] == "0" && row["positional_corrected"] != "1"));
      CHECK(row["positional_type_by_own_rate"].empty() == row["positional_type"].empty());

      double const uncertain = census_test::entropy_behind_position_0(one, sequences);
      CHECK(row["mutual_information_share"].empty() == (uncertain == 0));
      if (uncertain > 0)
        CHECK(std::stod(row["mutual_information_share"]) * uncertain ==
              Approx(std::stod(row["mutual_information_corrected"])).margin(1e-12));
    }
  CHECK(detectors > 0);  // else that part of the test would be empty
}

TEST_CASE("without full sequences the figures about position are left empty") {
  auto const text = census::share({{2, 5, 6}, {{.length = 3, .has_bos = true}}});
  auto const block = census::make_block(0, text, {std::vector<float>{1, -1, 1, -1, 1, -1}, 2});
  census::paper_survey seen;
  census::survey(std::vector{block}, seen);
  auto rows = neuron_rows({seen.result(0)});
  REQUIRE(rows.size() == 2);
  for (auto const* name : {"mutual_information", "mutual_information_corrected", "decoy_w", "positional",
                           "positional_corrected", "positional_type", "positional_strong", "positional_confident",
                           "decoy_w_inside", "mutual_information_share", "mutual_information_jackknife",
                           "mutual_information_lower_95", "positional_verdict", "positional_type_by_own_rate"})
    CHECK(rows[1][name] == "");
  CHECK(rows[1]["firings"] == "0");
  CHECK(rows[0]["firings"] == "3");
}

TEST_CASE("what pre-activations tell is empty without them, and of the neuron with them") {
  census::layer_census layer;
  layer.liveness.tokens = 4, layer.liveness.firings = {0, 3};
  layer.tokens.firings = {0, 3}, layer.tokens.cover = {0, 2};
  auto const empty = neuron_rows({layer});
  for (auto const* name : {"demanded_cosine", "largest_cosine", "provably_dead", "always_on", "near_firings"})
    CHECK(empty[1].at(name) == "");
  layer.pre_activations = census::pre_activation_census{{1.5, -0.25}, {true, false}, {false, true}, {}, {}};
  layer.pre_activations->near_zero = {{0, 0, 2}, {3, 1, 0}};
  auto const rows = neuron_rows({layer});
  CHECK(rows[0].at("demanded_cosine") == "1.5");
  CHECK(rows[0].at("provably_dead") == "1");
  CHECK(rows[1].at("always_on") == "1");
  CHECK(rows[0].at("largest_cosine") == "");
  CHECK(rows[0].at("near_silences") == "2");
  CHECK(rows[1].at("near_firings") == "1");
}

TEST_CASE("an estimate stands with its interval, which ends at 0, and its verdict") {
  census::layer_census layer;
  layer.liveness.tokens = 4, layer.liveness.firings = {4, 3, 1};
  layer.position.estimate.groups = 10, layer.position.estimate.t_95 = 2;
  layer.position.estimate.of_neuron = {{std::nan(""), std::nan("")}, {0.5, 0.125}, {0.25, 0.5}};
  layer.position.above_threshold = {std::nullopt, census::verdict::yes, census::verdict::undecided};
  layer.position.decoy_w_inside = {0, 0.25, 0};
  auto const rows = neuron_rows({layer});
  for (auto const* name : {"mutual_information_jackknife", "mutual_information_lower_95", "mutual_information_upper_95",
                           "positional_verdict"})
    CHECK(rows[0].at(name) == "");
  CHECK(rows[1].at("mutual_information_jackknife") == "0.5");
  CHECK(rows[1].at("mutual_information_lower_95") == "0.25");
  CHECK(rows[1].at("mutual_information_upper_95") == "0.75");
  CHECK(rows[1].at("positional_verdict") == "surely");
  CHECK(rows[1].at("decoy_w_inside") == "0.25");
  CHECK(rows[2].at("mutual_information_lower_95") == "0");
  CHECK(rows[2].at("mutual_information_upper_95") == "1.25");
  CHECK(rows[2].at("positional_verdict") == "possibly");
}
