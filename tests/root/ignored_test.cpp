// SPDX-License-Identifier: MIT
#include <census/ignored.hpp>

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace {

std::string printed(census::ignored const& passed_over) {
  std::ostringstream out;
  census::print_ignored(out, passed_over);
  return out.str();
}

}  // namespace

TEST_CASE("what was passed over is told in a line a kind, in the order in which it was met") {
  census::ignored passed_over;
  passed_over.add("hidden files", "t/._a.txt");
  passed_over.add("blank lines", "t/b.jsonl:3", 7);
  passed_over.add("hidden files", "t/.b.txt");
  passed_over.add("tensors", "nowhere", 0);  // none
  CHECK(printed(passed_over) == "ignored: 2 hidden files (t/._a.txt; t/.b.txt)\n"
                                "ignored: 7 blank lines (t/b.jsonl:3; ...)\n");
}

TEST_CASE("places are kept as long as they are few, and all are counted") {
  census::ignored passed_over;
  for (int i = 0; i < 1000; ++i) passed_over.add("lines", "a:" + std::to_string(i));
  REQUIRE(passed_over.kinds().size() == 1);
  CHECK(passed_over.kinds()[0].count == 1000);
  CHECK(passed_over.kinds()[0].places == std::vector<std::string>{"a:0", "a:1", "a:2"});
  CHECK(printed(passed_over) == "ignored: 1000 lines (a:0; a:1; a:2; ...)\n");
}

TEST_CASE("what two readers passed over adds up kind by kind") {
  census::ignored one, other;
  one.add("lines", "a:1", 2);
  other.add("files", "b");
  other.add("lines", "a:9", 3);
  one.add(other);
  CHECK(printed(one) == "ignored: 5 lines (a:1; a:9; ...)\nignored: 1 files (b)\n");
}

TEST_CASE("a place cannot steer the terminal that it is shown on") {
  census::ignored passed_over;
  passed_over.add("files", "a\n\x1b[2J");
  CHECK(printed(passed_over) == "ignored: 1 files (a\\u000a\\u001b[2J)\n");
}

TEST_CASE("a strict run refuses what would be ignored, naming its first place") {
  CHECK_NOTHROW(census::refuse_ignored({}));
  census::ignored passed_over;
  passed_over.add("hidden files", "t/._a.txt", 2);
  CHECK(census_test::complaint_about("t/._a.txt", [&] { census::refuse_ignored(passed_over); }) ==
        "would be ignored, as 2 hidden files; a strict run ignores nothing");
}
