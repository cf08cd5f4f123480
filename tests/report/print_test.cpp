// SPDX-License-Identifier: MIT
#include <census/report/detectors_jsonl.hpp>
#include <census/report/layer_table.hpp>
#include <census/report/number.hpp>
#include <census/report/print_profile.hpp>

#include <support/catch.hpp>

#include <sstream>

namespace {
census::neuron_profile profile() {
  return {3,
          17,
          true,
          200,
          2,
          {{{7}, " the", 190, 200}, {{9}, "\xff\n", 10, 10}},
          {{4, "a\"b", 1.5f}},
          {{5, "\xc3\xa9", -2.f}},
          -0.25};
}
}  // namespace

TEST_CASE("a number is written so that it reads back as the same number") {
  CHECK(census::number(0.1) == "0.1");
  CHECK(census::number(1.0 / 3) == "0.3333333333333333");
  CHECK(census::number(std::uint64_t{18446744073709551615u}) == "18446744073709551615");
}

TEST_CASE("a token's text fits one line whatever bytes it holds") {
  CHECK(census::in_one_line("a b") == "\"a b\"");
  CHECK(census::in_one_line("\n\t\"\\") == "\"\\n\\t\\\"\\\\\"");
  CHECK(census::in_one_line("\x01\xff") == "\"\\x01\\xff\"");
  CHECK(census::in_one_line("\xc3\xa9\xe6\x97\xa5") == "\"\xc3\xa9\xe6\x97\xa5\"");  // whole characters stay
  CHECK(census::in_one_line("\xe6\x97") == "\"\\xe6\\x97\"");                        // part of one does not
}

TEST_CASE("a portrait names the neuron, its tokens, and what it promotes and suppresses") {
  std::ostringstream out;
  census::print_profile(out, profile());
  CHECK(out.str() == "layer 3, neuron 17: fired 200 times, 95 % of them on 2 tokens (a token detector)\n"
                     "  fires on    \" the\" (95 % of 200) \"\\xff\\n\" (100 % of 10)\n"
                     "  promotes    \"a\\\"b\"\n"
                     "  suppresses  \"\xc3\xa9\"\n");
}

TEST_CASE("a detector's line is JSON with both rates, whatever bytes its tokens hold") {
  std::ostringstream out;
  census::write_detector_line(out, profile());
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
  auto const bare = line_of(profile());
  for (auto const* column :
       {"trigger_rank", "trigger_null_percentile", "trigger_paired_difference", "centred_projection", "centred_rank",
        "centred_null_percentile", "centred_paired_difference", "self_succession", "self_successions",
        "self_successions_expected", "order", "repeat_rate", "verdict"})
    CHECK((bare.contains(column) && bare[column].is_null()));
  CHECK(bare["supported"] == 0);

  auto full = profile();
  full.triggers = {7, 9};
  full.trigger = {-0.25, 31.5, 0.125, {}};
  full.centred_trigger = census::trigger_scores{-0.5, 40, {}, -0.75};
  full.succession = census::self_repetition{4, 2.0};
  full.supported = 1;
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
  CHECK(line["repeat_rate"] == 0.9375);
  CHECK(line["verdict"] == "possibly");
  full.succession = census::self_repetition{0, 2.0};
  CHECK(line_of(full)["self_succession"].is_null());
  CHECK(line_of(full)["self_successions"] == 0);
}

TEST_CASE("the layer table shows a dash for what does not exist") {
  census::layer_census silent;
  silent.layer = 2, silent.dead_share = 1, silent.firings = {0, 0};
  std::ostringstream out;
  census::print_layer_table(out, {silent});
  CHECK(out.str().find("100.00 %") != std::string::npos);
  CHECK(out.str().find(" -") != std::string::npos);
}
