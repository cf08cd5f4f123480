// SPDX-License-Identifier: MIT
#include <census/report/merge_runs.hpp>

#include "run_of_parts.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using census_test::run_of;
using sentences = std::vector<std::string>;

namespace {

census::document_subset nth(std::uint64_t number, std::uint64_t parts) {
  return census::document_subset::part(number, parts);
}

/// The record of a census of other texts than run_of's.
census::run_record run_of_others(census::document_subset const& parts) {
  auto run = run_of(parts, 2);
  for (auto& text : run.texts) text.hash += 0x10;
  return run;
}

/// What was passed over: "3 of a kind: a place; another".
sentences told_ignored(census::run_record const& run) {
  sentences told;
  for (auto const& kind : run.ignored.kinds()) {
    told.push_back(std::to_string(kind.count) + " " + kind.what + ":");
    for (auto const& place : kind.places) told.back().append(" ").append(place);
  }
  return told;
}

}  // namespace

TEST_CASE("counts of another model, tokenizer or setting are not addable, and each difference is named") {
  auto const a = run_of(nth(1, 2));
  auto b = run_of(nth(2, 2));
  b.model[0].path = "elsewhere/config.json";
  b.settings.emplace_back("memory", "7");
  CHECK(census::not_addable(a, b).empty());
  b.model[1].hash = 0xf;
  b.model[2].hash = 0xf;
  b.settings[1].second = "128";
  CHECK(census::not_addable(a, b) ==
        sentences{"the models differ: model.safetensors is not the same file (by its hash)",
                  "the tokenizers differ: vocab.json is not the same file (by its hash)",
                  "context is 64 here and 128 there"});
  b = run_of(nth(2, 2));
  b.model.push_back({"m/merges.txt", "", 1, 1});
  CHECK(census::not_addable(a, b) == sentences{"the tokenizers differ: merges.txt is part of one of them only"});
}

TEST_CASE("other products and devices are told, for they round otherwise") {
  auto const a = run_of(nth(1, 2));
  auto b = run_of(nth(2, 2));
  CHECK(census::rounded_otherwise(a, b).empty());
  b.blas = "another";
  b.devices = {{{"name", "a card"}, {"number", "0"}}};
  CHECK(census::rounded_otherwise(a, b).size() == 2);
}

TEST_CASE("joined records tell as many projections as the one that tells more, in any order") {
  auto const told = [](census::run_record run, char const* projections) {
    if (projections != nullptr) run.settings.emplace_back("projections", projections);
    return run;
  };
  auto const a = told(run_of(nth(1, 3)), "10"), b = told(run_of(nth(2, 3)), "9"), c = told(run_of(nth(3, 3)), nullptr);
  CHECK(census::not_addable(a, b).empty());
  CHECK(census::joined(a, b).setting("projections") == "10");
  CHECK(census::joined(b, a).setting("projections") == "10");
  CHECK(census::joined(c, b).setting("projections") == "9");
  CHECK(census::joined(b, c).setting("projections") == "9");
}

TEST_CASE("joined records are that of one run, in any order") {
  auto const whole = run_of({});
  for (auto const& both : {census::joined(run_of(nth(1, 3)), census::joined(run_of(nth(3, 3)), run_of(nth(2, 3)))),
                           census::joined(census::joined(run_of(nth(2, 3)), run_of(nth(1, 3))), run_of(nth(3, 3)))}) {
    CHECK(both.texts == whole.texts);
    CHECK(both.tokens_by_domain == whole.tokens_by_domain);
    CHECK((both.documents == whole.documents && both.sequences == whole.sequences &&
           both.full_sequences == whole.full_sequences));
    CHECK(both.seconds == std::vector<std::pair<std::string, double>>{{"survey", 6.0}});
    CHECK(both.peak_memory == 107);
  }
  auto other = run_of({}, 2);
  other.texts.erase(other.texts.begin() + 1, other.texts.end());
  other.texts[0].hash = 0xff;
  other.tokens_by_domain = {{"news", 5}};
  auto const mixed = census::joined(whole, other);
  CHECK(mixed.texts.size() == 3);
  CHECK(mixed.tokens_by_domain.back() == std::pair<std::string, std::uint64_t>("news", 5));
}

TEST_CASE("parts of a corpus that holds the same bytes in several files are joined, each file with its own") {
  auto const twins = [](census::document_subset const& parts) {
    auto run = run_of(parts);
    run.texts[1].hash = run.texts[0].hash, run.texts[1].domain = run.texts[0].domain;
    return run;
  };
  auto const both = census::joined(twins(nth(2, 3)), census::joined(twins(nth(3, 3)), twins(nth(1, 3))));
  CHECK(both.texts == twins({}).texts);

  auto others = twins({});  // of another corpus, where the two are two as well
  for (auto& text : others.texts) text.documents->numbering = 2;
  CHECK(census::joined(run_of(nth(1, 2)), others).texts.size() == 4);
}

TEST_CASE(
    "joined records tell what was passed over of each text, once what was passed over of the model or one corpus") {
  auto const passed_over = [](census::run_record run, std::string const& text, std::uint64_t files) {
    run.ignored.add("settings", "m/config.json: x"), run.ignored.add("hidden files", text, files);
    return run;
  };
  auto const a = passed_over(run_of(nth(1, 2)), "t/.a", 2), a2 = passed_over(run_of(nth(2, 2)), "t/.a", 2),
             b = passed_over(run_of_others({}), "m/text/.b", 3);
  CHECK(told_ignored(census::joined(a, a2)) == sentences{"1 settings: m/config.json: x", "2 hidden files: t/.a"});
  sentences const all{"1 settings: m/config.json: x", "5 hidden files: t/.a m/text/.b"};
  CHECK(told_ignored(census::joined(a, b)) == all);
  CHECK(told_ignored(census::joined(census::joined(a, b), a2)) == all);

  auto moved = b;
  moved.model[0].path = "elsewhere/config.json";
  moved.ignored = {};
  moved.ignored.add("settings", "elsewhere/config.json: x"), moved.ignored.add("lines", "u.jsonl: line 7", 4);
  CHECK(told_ignored(census::joined(a, moved)) ==
        sentences{"1 settings: m/config.json: x", "2 hidden files: t/.a", "4 lines: u.jsonl: line 7"});
}

TEST_CASE("joined records tell each library of products and each device once") {
  auto a = run_of(nth(1, 3)), b = run_of(nth(2, 3)), c = run_of(nth(3, 3));
  b.blas = "BLAS, another";
  a.devices = b.devices = {{{"name", "a card"}}};
  c.devices = {{{"name", "another card"}}};
  auto const both = census::joined(a, b);
  CHECK(both.blas == "BLAS; BLAS, another");
  CHECK(both.devices == a.devices);
  auto const all = census::joined(both, c);
  CHECK(all.blas == both.blas);
  CHECK((all.devices.size() == 2 && all.devices.back() == c.devices.front()));
  a.blas = "";
  CHECK(census::joined(a, c).blas == "BLAS");
  CHECK(census::joined(c, a).blas == "BLAS");
}

TEST_CASE("merged once more, records tell no library of products and no kind of device a second time") {
  using device = std::vector<std::pair<std::string, std::string>>;
  auto const ran_on = [](std::uint64_t part, std::string const& blas, std::vector<device> const& devices) {
    auto run = run_of(nth(part, 4));
    run.blas = blas, run.devices = devices;
    return run;
  };
  device const first{{"memory", "80"}, {"memory_used_at_most", "61"}, {"name", "a card"}, {"number", "0"}},
      second{{"memory", "79"}, {"memory_used_at_most", "62"}, {"name", "a card"}, {"number", "1"}};
  auto const one = census::joined(ran_on(1, "X", {first}), ran_on(2, "Y", {})),
             other = census::joined(ran_on(3, "Y", {second}), ran_on(4, "X", {{{"name", "another card"}}}));
  CHECK(one.blas == "X; Y");
  CHECK(other.blas == "Y; X");
  auto const all = census::joined(one, other);
  CHECK(all.blas == "X; Y");
  CHECK(all.devices == std::vector<device>{first, {{"name", "another card"}}});
  CHECK(census::joined(ran_on(1, "X", {}), ran_on(2, "Y; Z; X", {})).blas == "X; Y; Z");
}
