// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/statistic/key_set_score.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <optional>
#include <vector>

TEST_CASE("precision, recall and F1 of every neuron for a set of tokens are those of a recount token by token") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  census::token_coverage tokens;
  for (auto const& block : blocks) tokens.observe(block);
  auto const in_set = [](census::token_id token) { return token == 5 || token == 8; };
  auto const scores = census::key_set_scores(tokens.table(0), in_set);
  REQUIRE(scores.size() == 70);
  for (std::size_t n = 0; n < 70; ++n) {
    double right = 0, wrong = 0, missed = 0;
    census_test::for_each_row(blocks, [&](auto const& block, std::uint32_t row, auto const& sequence) {
      if (row == sequence.first_row) return;  // BOS
      bool const fires = block.firings().fires(row, n), is_in = in_set(block.text()->tokens[row]);
      right += fires && is_in, wrong += fires && !is_in, missed += !fires && is_in;
    });
    CHECK(scores[n].precision().has_value() == (right + wrong > 0));
    CHECK(scores[n].precision().value_or(0) == (right + wrong > 0 ? right / (right + wrong) : 0));
    CHECK(scores[n].recall() == right / (right + missed));
    CHECK(*scores[n].f1() == Approx(2 * right / (2 * right + wrong + missed)));
  }
  CHECK(*scores[11].precision() == 1);  // fires at token 5 and nowhere else
}

TEST_CASE("a set that never occurs has no recall, and of what neither fires nor occurs there is no F1") {
  census::firing_table<int> const table({1, 2}, std::vector{4, 4}, std::vector{0, 3, 0, 0});
  auto const scores = census::key_set_scores(table, [](int key) { return key == 7; });
  CHECK(scores[0].precision() == std::nullopt);
  CHECK(scores[0].f1() == std::nullopt);
  CHECK(scores[1].recall() == std::nullopt);
  CHECK(scores[1].precision() == 0.0);
  CHECK(scores[1].f1() == 0.0);
}
