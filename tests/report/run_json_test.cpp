// SPDX-License-Identifier: MIT
#include <census/report/run_json.hpp>

#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <sstream>

TEST_CASE("run.json names what was run, a hash in 16 digits, a model's file without a domain") {
  census::run_record run;
  run.blas = "BLAS";
  run.model = {{"config.json", "", 12, 0xff}};
  run.texts = {{"\xff.txt", "prose", 7, ~std::uint64_t{0}}};
  run.settings = {{"context", "256"}, {"bos", "yes"}};
  run.ngrams = {{2, {.tokens = 8, .distinct = 5, .once = 4, .decidable = 2}}};
  std::ostringstream out;
  census::write_run_json(out, run);
  auto const json = nlohmann::ordered_json::parse(out.str());
  CHECK(json["census"] == census::version);
  CHECK(json["model"][0]["fnv1a_64"] == "00000000000000ff");
  CHECK_FALSE(json["model"][0].contains("domain"));
  CHECK_FALSE(json.contains("device"));  // it ran on the host
  CHECK(json["texts"][0]["fnv1a_64"] == "ffffffffffffffff");
  CHECK(json["texts"][0]["path"] == "\xef\xbf\xbd.txt");  // bytes that are no UTF-8
  CHECK(json["settings"].begin().key() == "context");     // in the order given
  CHECK(json["ngrams"][0]["unseen_mass"] == 0.5);
  CHECK(json["ngrams"][0]["decidable_share"] == 0.25);
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
