// SPDX-License-Identifier: MIT
#include <census/survey/progress.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <sstream>

TEST_CASE("progress counts tokens, each once a layer") {
  auto const blocks = census_test::random_blocks();
  std::ostringstream said;
  census::progress progress(1000, said, true);
  census::survey(blocks, progress);
  std::uint64_t rows = 0;
  for (auto const& block : blocks) rows += block.text()->tokens.size();
  CHECK(progress.tokens() == rows);
}
