// SPDX-License-Identifier: MIT
#include <census/report/merge_runs.hpp>

#include "run_of_parts.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

using census_test::run_of;
using sentences = std::vector<std::string>;

namespace {

census::document_subset nth(std::uint64_t number, std::uint64_t parts) {
  return census::document_subset::part(number, parts);
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
