// SPDX-License-Identifier: MIT
#include <census/survey/progress.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>
#include <thread>

namespace {

/// The next line that is told on a terminal: between what puts it in the place of the one before, to be cut at the
/// terminal's edge, and what erases it.
std::string next_line(census::progress& progress, std::ostringstream& said) {
  std::string told;
  for (int i = 0; i < 1000 && told.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    progress.aside([&] { told = said.str(), said.str(""); });
  }
  std::string const begin = "\r\033[K\033[?7l", end = "\033[?7h\r\033[K";
  REQUIRE_THAT(told, Catch::StartsWith(begin) && Catch::EndsWith(end));
  auto const last = told.rfind(begin) + begin.size();  // of several, where this thread slept for long
  return told.substr(last, told.size() - last - end.size());
}

/// Longer than a terminal's line waits to be rewritten, for what is not to be told.
void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }

}  // namespace

TEST_CASE("progress counts tokens, each once a layer") {
  auto const blocks = census_test::random_blocks();
  std::ostringstream said;
  census::progress progress(1000, said, true);
  census::survey(blocks, progress);
  std::uint64_t rows = 0;
  for (auto const& block : blocks) rows += block.text()->tokens.size();
  CHECK(progress.tokens() == rows);
}

TEST_CASE("progress says what is being done, and how long what may still come will take") {
  auto const blocks = census_test::random_blocks();
  std::ostringstream said;
  census::progress progress(0, said, true);
  census::survey(blocks, progress);
  progress.now("swaps 3 of 40, 7 still silent", 1'000'000'000);
  auto const line = next_line(progress, said);
  CHECK_THAT(line, Catch::StartsWith("swaps 3 of 40, 7 still silent: ") && Catch::EndsWith(" left"));
  CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("what is begun is counted anew, in its own unit") {
  std::ostringstream said;
  census::progress progress(0, said, true);
  progress.advance(5);
  progress.begin("reading texts", 0, "MiB", 1 << 20);
  progress.reach(1 << 20, 4 << 20);
  progress.advance(1 << 20);
  CHECK_THAT(next_line(progress, said),
             Catch::StartsWith("reading texts: 2 of 4 MiB, ") && Catch::Contains(" a second, "));
  CHECK(progress.tokens() == 0);
}

TEST_CASE("what has no total has no time left, and what has no unit nothing but time") {
  std::ostringstream said;
  census::progress progress(0, said, true);
  progress.advance(5);
  CHECK_THAT(next_line(progress, said),
             Catch::StartsWith("layer 0: 5 tokens x layers, ") && Catch::EndsWith(" a second"));
  progress.begin("opening the model");
  CHECK_THAT(next_line(progress, said), Catch::Matches("opening the model, [0-9]+ s"));
}

TEST_CASE("a step at which nothing can be counted is told all the same, with the time that the one before took") {
  std::ostringstream said;
  census::progress progress(0, said, true);
  progress.step("statistics", 4);
  CHECK_THAT(next_line(progress, said), Catch::Matches("layer 4: statistics, [0-9]+ s"));
  progress.step("statistics", 5);
  CHECK_THAT(next_line(progress, said), Catch::Matches("layer 5: statistics, [0-9]+ s, [0-9]+ s left"));
  progress.step("n-grams");
  CHECK_THAT(next_line(progress, said), Catch::Matches("n-grams, [0-9]+ s"));
}

TEST_CASE("nothing is told before anything is done, nor once it is finished") {
  std::ostringstream said;
  census::progress progress(10, said, true);
  wait();
  progress.finish();
  CHECK(said.str().empty());
  progress.advance(1);
  next_line(progress, said);
  progress.finish();
  said.str("");
  wait();
  CHECK(said.str().empty());
}

TEST_CASE("where it is no terminal, a line is told each ten seconds, so that what is quick tells nothing") {
  std::ostringstream said;
  census::progress progress(10, said, false);
  progress.advance(1);
  wait();
  progress.finish();
  CHECK(said.str().empty());
}
