// SPDX-License-Identifier: MIT
#include <census/report/run_json.hpp>

#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <sstream>

TEST_CASE("run.json names what was run, a hash in 16 digits, a model's file without a domain") {
  census::run_record run;
  run.blas = "BLAS";
  run.model = {{"config.json", "", 12, 0xff}};
  run.texts = {{"\xff.txt", "prose", 7, ~std::uint64_t{0}}, {"b.txt", "code", 9, 1, 4, {}, "text"}};
  run.settings = {{"context", "256"}, {"bos", "yes"}};
  run.ngrams = {
      {2, {.tokens = 8, .distinct = 5, .once = 4, .decidable = 2, .in_one_document = 6, .has_several_documents = true}},
      {3, {.tokens = 7, .distinct = 7, .once = 7, .decidable = 0, .in_one_document = 7}}};
  std::ostringstream out;
  census::write_run_json(out, run);
  auto const json = nlohmann::ordered_json::parse(out.str());
  CHECK(json["census"] == census::version);
  CHECK(json["model"][0]["fnv1a_64"] == "00000000000000ff");
  CHECK_FALSE(json["model"][0].contains("domain"));
  CHECK_FALSE(json.contains("device"));  // it ran on the host
  CHECK_FALSE(json.contains("halves"));  // no half was compared with the other
  CHECK(json["texts"][0]["fnv1a_64"] == "ffffffffffffffff");
  CHECK_FALSE(json["texts"][0].contains("splits"));
  CHECK(json["texts"][1]["splits"] == 4);
  CHECK_FALSE(json["texts"][0].contains("format"));
  CHECK(json["texts"][1]["format"] == "text");
  CHECK(json["texts"][0]["path"] == "\xef\xbf\xbd.txt");  // bytes that are no UTF-8
  CHECK(json["settings"].begin().key() == "context");     // in the order given
  CHECK(json["ngrams"][0]["unseen_mass"] == 0.5);
  CHECK(json["ngrams"][0]["decidable_share"] == 0.25);
  CHECK(json["ngrams"][0]["unseen_mass_by_document"] == 0.75);
  CHECK(json["ngrams"][1]["unseen_mass_by_document"].is_null());  // one document alone leaves none out
}

TEST_CASE("run.json tells what the halves of the documents hold") {
  census::run_record run;
  run.halves = census::text_halves{{{2, 90, 1}, {3, 91, 0}}};
  std::ostringstream out;
  census::write_run_json(out, run);
  auto const halves = nlohmann::json::parse(out.str())["halves"];
  REQUIRE(halves.size() == 2);
  CHECK(halves[0] == nlohmann::json{{"documents", 2}, {"tokens", 90}, {"full_sequences", 1}});
  CHECK(halves[1]["tokens"] == 91);
}

TEST_CASE("run.json tells on what device a census ran, and lists them where it ran on several") {
  using json = nlohmann::json;
  auto const written = [](decltype(census::run_record::devices) devices) {
    census::run_record run;
    run.devices = std::move(devices);
    std::ostringstream out;
    census::write_run_json(out, run);
    return json::parse(out.str())["device"];
  };
  json const card{{"name", "a card"}, {"number", "0"}}, other{{"name", "a card"}, {"number", "1"}};
  CHECK(written({{{"name", "a card"}, {"number", "0"}}}) == card);
  CHECK(written({{{"name", "a card"}, {"number", "0"}}, {{"name", "a card"}, {"number", "1"}}}) ==
        json::array({card, other}));
}
