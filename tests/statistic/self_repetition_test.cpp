// SPDX-License-Identifier: MIT
#include <census/statistic/self_repetition.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <array>
#include <cmath>
#include <map>

TEST_CASE("the successions by hand: BOS is no token, and nothing follows across a sequence's start") {
  // BOS 7 7 7 8 | 8 8 7 (no BOS) | BOS 2 2
  census::text_rows const text{{2, 7, 7, 7, 8, 8, 8, 7, 2, 2, 2},
                               {{.first_row = 0, .length = 5, .has_bos = true},
                                {.document = 1, .first_row = 5, .length = 3},
                                {.document = 2, .first_row = 8, .length = 3, .has_bos = true}}};
  auto const counted = census::count_successions(std::vector{census::share(text)});
  CHECK(counted.tokens == 9);
  CHECK(counted.occurrences == std::vector<std::uint64_t>{0, 0, 2, 0, 0, 0, 0, 4, 3});
  CHECK(counted.followed[7] == 3);
  CHECK(counted.repeated[7] == 2);
  CHECK(counted.followed[8] == 2);
  CHECK(counted.repeated[8] == 1);
  CHECK(counted.repeated[2] == 1);
  CHECK(counted.occurrences_of(9) == 0);

  auto const seven = census::self_repetition_of(counted, std::array<census::token_id, 1>{7});
  CHECK(seven.observed == 2);
  CHECK(seven.log_ratio().value() == Approx(std::log((2.0 / 3) / (4.0 / 9))));  // P(7→7) = 2/3, P(7) = 4/9
  auto const both = census::self_repetition_of(counted, std::array<census::token_id, 2>{7, 8});
  CHECK(both.observed == 3);
  CHECK(both.expected == Approx(3 * 4.0 / 9 + 2 * 3.0 / 9));
  auto const unknown = census::self_repetition_of(counted, std::array<census::token_id, 2>{3, 99});
  CHECK(unknown == census::self_repetition{});
  CHECK(unknown.log_ratio() == std::nullopt);
}

TEST_CASE("a token that is not known is not counted, nor what it follows or is followed by") {
  constexpr auto unknown = census::no_token;
  census::text_rows const text{{7, unknown, unknown, 7, 7}, {{.first_row = 0, .length = 5}}};
  auto const counted = census::count_successions(std::vector{census::share(text)});
  CHECK(counted.tokens == 3);
  CHECK(counted.occurrences.size() == 8);
  CHECK(counted.occurrences_of(7) == 3);
  CHECK(counted.followed[7] == 1);
  CHECK(counted.repeated[7] == 1);
  CHECK(counted.occurrences_of(unknown) == 0);
}

TEST_CASE("successions of random texts are a recount, in any order of the texts") {
  auto const blocks = census_test::random_blocks({.texts = 6, .layers = 1});
  census::token_successions forwards, backwards;
  std::map<census::token_id, std::array<std::uint64_t, 3>> recount;
  std::uint64_t tokens = 0;
  for (auto const& block : blocks) forwards.add(*block.text());
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) backwards.add(*block->text());
  CHECK(forwards == backwards);
  census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& from) {
    if (row == from.first_row) return;  // BOS
    auto& [occurrences, followed, repeated] = recount[block.text()->tokens[row]];
    ++tokens, ++occurrences;
    if (row + 1 == from.first_row + from.length) return;
    ++followed, repeated += block.text()->tokens[row + 1] == block.text()->tokens[row];
  });
  CHECK(forwards.tokens == tokens);
  REQUIRE(recount.size() == 9);
  for (auto const& [token, counts] : recount)
    CHECK(counts == std::array<std::uint64_t, 3>{forwards.occurrences[token], forwards.followed[token],
                                                 forwards.repeated[token]});
}

TEST_CASE("a text of positions alone has no successions") {
  auto const counted = census::count_successions(
      std::vector{census::share(census::text_rows::without_tokens({{.length = 4}, {.first_row = 4, .length = 3}}))});
  CHECK(counted == census::token_successions{});
}
