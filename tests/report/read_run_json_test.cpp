// SPDX-License-Identifier: MIT
#include <census/report/read_census.hpp>
#include <census/report/read_run_json.hpp>
#include <census/report/run_json.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <sstream>
#include <string>

TEST_CASE("run.json reads back as it was written") {
  temporary_folder const folder;
  census::run_record run;
  run.blas = "OpenBLAS \"x\"";
  run.model = {{"m/config.json", "", 669, 0xae20e9ce3fee03bb}};
  run.texts = {{"a\xc3\xa9.txt", "prose", 7, 1}, {"b.txt", "code", std::uint64_t{1} << 40, ~std::uint64_t{0}}};
  run.texts[0].splits = 4, run.texts[0].format = "JSON lines";
  run.texts[1].documents = {7, 3, 99, census::document_subset::part(1, 3).joined(census::document_subset::part(3, 3)),
                            0xabc};
  run.settings = {{"bos", "yes"}, {"context", "256"}};
  run.devices = {{{"name", "a card"}, {"number", "0"}}, {{"name", "a card"}, {"number", "1"}}};
  run.ignored.add("lines", "b.txt:3", 5), run.ignored.add("lines", "b.txt:9"), run.ignored.add("tensors", "x");
  run.tokens_by_domain = {{"code", 5}, {"prose", ~std::uint64_t{0}}};
  run.documents = 3, run.sequences = 9, run.full_sequences = 4, run.peak_memory = 1 << 30;
  run.seconds = {{"open", 0.25}, {"survey", 1e-3}};
  std::ostringstream text;
  census::write_run_json(text, run);
  auto const read = census::read_run_json(folder.write("run.json", text.str()));
  std::ostringstream again;
  census::write_run_json(again, read);
  CHECK(again.str() == text.str());
  CHECK(read.texts[1].hash == ~std::uint64_t{0});
  CHECK(read.tokens_by_domain == run.tokens_by_domain);
  CHECK(census::differences(run, read).empty());
}

TEST_CASE("a run.json that is none is refused, with the field that is spoiled") {
  temporary_folder const folder;
  auto const complains = [&](char const* text, char const* of) {
    CHECK_THROWS_WITH(census::read_run_json(folder.write("run.json", text)), Catch::Contains(of));
  };
  complains("{", "run.json: malformed JSON");
  complains("[]", "run.json: is no JSON object");
  complains(R"({"texts": 3})", "run.json: \"texts\" is not as a census writes it");
  complains(R"({"documents": -3})", "run.json: a count is no whole number");
  complains(R"({"texts": [{"path": "a", "bytes": 7, "fnv1a_64": "fffffffffffffffg"}]})", "run.json: the hash");
  complains(
      R"({"texts": [{"path": "a", "bytes": 7, "fnv1a_64": "ffffffffffffffff", "documents": {"count": 1, "first": 0, "last": 0,
    "parts": ["1/2", "3/4"], "numbering": "ffffffffffffffff"}}]})",
      "run.json: parts of documents: ");
  CHECK_THROWS_WITH(census::read_run_json(folder / "none.json"), Catch::Contains("none.json: the file is missing"));
  CHECK(census::read_run_json(folder.write("run.json", R"({"new": 1})")).texts.empty());
  CHECK(census::read_run_of(folder.path()).texts.empty());
  CHECK_THROWS_WITH(census::read_run_of(folder / "none"), Catch::EndsWith("none: there is no such folder"));
}
