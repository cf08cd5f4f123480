// SPDX-License-Identifier: MIT
#include <census/report/detectors_jsonl.hpp>

#include "shown_profile.hpp"

#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <sstream>

TEST_CASE("a detector's line is JSON with both rates, whatever bytes its tokens hold") {
  std::ostringstream out;
  census::write_detector_line(out, census_test::shown_profile());
  auto const line = nlohmann::json::parse(out.str());
  CHECK(line["layer"] == 3);
  CHECK(line["n"] == 1);
  CHECK(line["ngrams"][0]["fires_on"] == 0.95);
  CHECK(line["ngrams"][0]["share_of_firings"] == 0.95);
  CHECK(line["ngrams"][1]["ids"] == std::vector<int>{9});
  CHECK(line["ngrams"][1]["text"] == "\xef\xbf\xbd\n");
  CHECK(line["suppressed"][0]["id"] == 5);
  CHECK(line["trigger_projection"] == -0.25);
  CHECK(out.str().find('\n') == out.str().size() - 1);
}

TEST_CASE(
    "a detector's line tells what is known of its triggers and of how far it is to be believed, null for the rest") {
  auto const line_of = [](census::neuron_profile const& shown) {
    std::ostringstream out;
    census::write_detector_line(out, shown);
    return nlohmann::json::parse(out.str());
  };
  auto const bare = line_of(census_test::shown_profile());
  for (auto const* column :
       {"trigger_rank", "trigger_null_percentile", "trigger_paired_difference", "centred_projection", "centred_rank",
        "centred_null_percentile", "centred_paired_difference", "self_succession", "self_successions",
        "self_successions_expected", "order", "repeat_rate", "verdict", "supported_share"})
    CHECK((bare.contains(column) && bare[column].is_null()));
  CHECK(bare["supported"] == 0);

  auto full = census_test::shown_profile();
  full.triggers = {7, 9};
  full.trigger = {-0.25, 31.5, 0.125, {}};
  full.centred_trigger = census::trigger_scores{-0.5, 40, {}, -0.75};
  full.succession = census::self_repetition{4, 2.0};
  full.supported = 1;
  full.supported_share = 0.375;
  full.reliability = {2, 0.9375, census::verdict::undecided};
  auto const line = line_of(full);
  CHECK(line["trigger_rank"] == 31.5);
  CHECK(line["trigger_null_percentile"] == 0.125);
  CHECK(line["trigger_paired_difference"].is_null());
  CHECK(line["centred_projection"] == -0.5);
  CHECK(line["centred_rank"] == 40);
  CHECK(line["centred_paired_difference"] == -0.75);
  CHECK(line["self_succession"] == Approx(0.6931471805599453));
  CHECK(line["self_successions"] == 4);
  CHECK(line["self_successions_expected"] == 2.0);
  CHECK(line["order"] == 2);
  CHECK(line["supported"] == 1);
  CHECK(line["supported_share"] == 0.375);
  CHECK(line["repeat_rate"] == 0.9375);
  CHECK(line["verdict"] == "possibly");
  full.succession = census::self_repetition{0, 2.0};
  CHECK(line_of(full)["self_succession"].is_null());
  CHECK(line_of(full)["self_successions"] == 0);
}
