// SPDX-License-Identifier: MIT
#include <census/survey/progress.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <thread>

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
  std::this_thread::sleep_for(std::chrono::milliseconds(250));  // a terminal's line is rewritten each 200
  census::survey(blocks, progress);
  CHECK_THAT(said.str(), Catch::Contains("swaps 3 of 40, 7 still silent: ") && Catch::Contains(" s left"));
  CHECK(said.str().find('\n') == std::string::npos);
}
