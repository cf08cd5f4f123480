// SPDX-License-Identifier: MIT
#include <census/report/merge_runs.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using sentences = std::vector<std::string>;

// A census of a part of two texts, of documents 0 to 9 and 10 to 19.
census::run_record run_of(census::document_subset const& parts, std::uint64_t numbering = 1) {
  census::run_record run;
  run.blas = "BLAS";
  run.model = {{"m/config.json", "", 1, 0xc}, {"m/vocab.json", "", 1, 0xd}, {"m/model.safetensors", "", 9, 0xe}};
  run.settings = {{"bos", "yes"}, {"context", "64"}, {"ngrams", "3"}};
  for (std::uint64_t const text : {0, 1}) {
    census::run_record::counted_documents counted{0, 0, 0, parts, numbering};
    for (std::uint64_t d = 10 * text; d < 10 * text + 10; ++d)
      if (parts.contains(d)) counted.first = counted.count++ == 0 ? d : counted.first, counted.last = d;
    run.texts.push_back({text == 0 ? "a.txt" : "b.txt", text == 0 ? "prose" : "code", 7, 10 + text, {}, counted});
    run.documents += counted.count;
    run.tokens_by_domain.emplace_back(text == 0 ? "prose" : "code", 100 * counted.count);
  }
  run.sequences = 3 * run.documents, run.full_sequences = run.documents;
  run.seconds = {{"survey", 2.0}};
  run.peak_memory = 100 + run.documents;
  return run;
}

census::document_subset part(std::uint64_t number, std::uint64_t parts) { return census::document_subset::part(number, parts); }

}  // namespace

TEST_CASE("parts of a corpus overlap where they have documents in common, and these are named") {
  CHECK(census::overlap(run_of(part(1, 2)), run_of(part(2, 2))).empty());
  CHECK(census::overlap(run_of(part(2, 3)), run_of(part(1, 3).joined(part(3, 3)))).empty());
  CHECK(census::overlap(run_of(part(1, 2)), run_of(part(1, 3))) == sentences{"documents 0, 6, 12, 18 of prose (a.txt), code (b.txt)"});
  CHECK(census::overlap(run_of({}), run_of({})) == sentences{"documents 0, 1, 2, 3 and more of prose (a.txt), code (b.txt)"});
  CHECK(census::overlap(run_of(part(20, 20)), run_of({})) == sentences{"document 19 of code (b.txt)"});
  CHECK(census::overlap(run_of(part(20, 40)), run_of(part(20, 60))) == sentences{"document 19 of code (b.txt)"});
}

TEST_CASE("one text in two corpora overlaps, whatever the parts") {
  auto const found = census::overlap(run_of(part(1, 2), 1), run_of(part(2, 2), 2));
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0], Catch::StartsWith("documents of prose (a.txt), which are not parts of one corpus"));
  auto other = run_of(part(2, 2), 2);
  for (auto& text : other.texts) text.hash += 100;
  CHECK(census::overlap(run_of(part(1, 2), 1), other).empty());
  auto untold = run_of(part(2, 2));
  for (auto& text : untold.texts) text.documents.reset();
  CHECK(census::overlap(run_of(part(1, 2)), untold).size() == 2);
  auto uncounted = run_of(part(2, 2), 2);
  for (auto& text : uncounted.texts) text.documents->count = 0;
  CHECK(census::overlap(run_of(part(1, 2)), uncounted).empty());
}

TEST_CASE("counts of another model, tokenizer or setting are not addable, and each difference is named") {
  auto const a = run_of(part(1, 2));
  auto b = run_of(part(2, 2));
  b.model[0].path = "elsewhere/config.json";
  b.settings.emplace_back("memory", "7");
  CHECK(census::not_addable(a, b).empty());
  b.model[1].hash = 0xf;
  b.model[2].hash = 0xf;
  b.settings[1].second = "128";
  CHECK(census::not_addable(a, b) == sentences{"the models differ: model.safetensors is not the same file (by its hash)",
                                               "the tokenizers differ: vocab.json is not the same file (by its hash)",
                                               "context is 64 here and 128 there"});
  b = run_of(part(2, 2));
  b.model.push_back({"m/merges.txt", "", 1, 1});
  CHECK(census::not_addable(a, b) == sentences{"the tokenizers differ: merges.txt is part of one of them only"});
}

TEST_CASE("other products and devices are told, for they round otherwise") {
  auto const a = run_of(part(1, 2));
  auto b = run_of(part(2, 2));
  CHECK(census::rounded_otherwise(a, b).empty());
  b.blas = "another";
  b.devices = {{{"name", "a card"}, {"number", "0"}}};
  CHECK(census::rounded_otherwise(a, b).size() == 2);
}

TEST_CASE("joined records are that of one run, in any order") {
  auto const whole = run_of({});
  for (auto const& both : {census::joined(run_of(part(1, 3)), census::joined(run_of(part(3, 3)), run_of(part(2, 3)))),
                           census::joined(census::joined(run_of(part(2, 3)), run_of(part(1, 3))), run_of(part(3, 3)))}) {
    CHECK(both.texts == whole.texts);
    CHECK(both.tokens_by_domain == whole.tokens_by_domain);
    CHECK((both.documents == whole.documents && both.sequences == whole.sequences && both.full_sequences == whole.full_sequences));
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
