// SPDX-License-Identifier: MIT
#include <census/report/overlap.hpp>

#include "run_of_parts.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using census_test::run_of;
using sentences = std::vector<std::string>;

census::document_subset part(std::uint64_t number, std::uint64_t parts) {
  return census::document_subset::part(number, parts);
}

}  // namespace

TEST_CASE("parts of a corpus overlap where they have documents in common, and these are named") {
  CHECK(census::overlap(run_of(part(1, 2)), run_of(part(2, 2))).empty());
  CHECK(census::overlap(run_of(part(2, 3)), run_of(part(1, 3).joined(part(3, 3)))).empty());
  CHECK(census::overlap(run_of(part(1, 2)), run_of(part(1, 3))) ==
        sentences{"documents 0, 6, 12, 18 of prose (a.txt), code (b.txt)"});
  CHECK(census::overlap(run_of({}), run_of({})) ==
        sentences{"documents 0, 1, 2, 3 and more of prose (a.txt), code (b.txt)"});
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

TEST_CASE("a text that two censuses read in two formats overlaps, and the formats are named") {
  auto text = run_of(part(1, 2), 1), lines = run_of(part(2, 2), 2);
  text.texts[0].format = "text", lines.texts[0].format = "JSON lines", lines.texts[0].path = "a.jsonl";
  auto const found = census::overlap(text, lines);
  REQUIRE(found.size() == 2);
  CHECK(found[0] ==
        "documents of prose (a.txt), which are not parts of one corpus: one census read them as text, the other "
        "(a.jsonl) as JSON lines");
  CHECK_THAT(found[1], Catch::EndsWith("other texts, or another --tokens, stand beside them"));
}

TEST_CASE("censuses are of one corpus where their texts' documents are numbered alike") {
  CHECK(census::of_one_corpus(run_of(part(1, 2)), run_of(part(2, 2))));
  CHECK_FALSE(census::of_one_corpus(run_of(part(1, 2), 1), run_of(part(2, 2), 2)));
  auto untold = run_of({});
  for (auto& text : untold.texts) text.documents.reset();
  CHECK_FALSE(census::of_one_corpus(untold, untold));
}
