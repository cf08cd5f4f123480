// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/laws.hpp>
#include <census/tabulation/running.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <map>
#include <tuple>

namespace {

constexpr census::token_id quote = 5;

auto inside_quotes() {
  return census::key::running{false, [](bool inside, census::token_at at) { return inside != (at.token() == quote); }};
}

}  // namespace

TEST_CASE("a running state goes along each sequence from its start, and leaves BOS out") {
  census::text_rows const rows{
      {2, quote, 9, quote, 9, quote, 2, 9, quote},
      {{.length = 6, .has_bos = true}, {.document = 1, .first_row = 6, .length = 3, .has_bos = true}}};
  auto const key = inside_quotes();
  std::vector<int> states;
  for (std::uint32_t row = 0; row < 9; ++row) {
    auto const state = key(census::token_at(rows, rows.sequences[row < 6 ? 0 : 1], row));
    states.push_back(state ? *state : -1);
  }
  CHECK(states == std::vector<int>{-1, 1, 1, 0, 0, 1, -1, 0, 1});
}

TEST_CASE("firings by a running state are those of a recount, alone and in a tuple of keys") {
  for (bool const bos : {true, false}) {
    auto const blocks = census_test::random_blocks({.bos = bos});
    census::firings_by alone{inside_quotes()};
    census::firings_by with_token{census::key::tuple{inside_quotes(), census::key::token{}}};
    for (auto const& block : blocks) alone.observe(block), with_token.observe(block);

    std::map<std::tuple<std::uint32_t, bool, census::token_id>, std::vector<std::uint32_t>> counted;
    bool inside = false;
    census_test::for_each_row(blocks, [&](auto const& block, std::uint32_t row, auto const& sequence) {
      if (row == sequence.first_row) inside = false;
      if (sequence.has_bos && row == sequence.first_row) return;
      census::token_id const token = block.text()->tokens[row];
      if (token == quote) inside = !inside;
      auto& counts = counted[{block.layer(), inside, token}];
      counts.resize(71);
      for (std::size_t n = 0; n < 70; ++n) counts[n] += block.firings().fires(row, n);
      ++counts[70];
    });
    for (std::uint32_t layer = 0; layer < 3; ++layer) {
      auto const table = with_token.table(layer);
      std::map<bool, std::uint64_t> fired_by_3, occurred;
      for (auto const& [key, counts] : counted)
        if (std::get<0>(key) == layer) {
          std::tuple const of_table(std::get<1>(key), std::get<2>(key));
          CHECK(table.occurrences_of(of_table) == counts[70]);
          for (std::size_t n = 0; n < 70; ++n) CHECK(table.counts_of(of_table)[n] == counts[n]);
          fired_by_3[std::get<1>(key)] += counts[3], occurred[std::get<1>(key)] += counts[70];
        }
      for (bool const state : {false, true}) {
        CHECK(alone.table(layer).occurrences(state) == occurred[state]);
        CHECK(alone.table(layer).counts(state)[3] == fired_by_3[state]);
      }
    }
  }
}

TEST_CASE("a census by a running state keeps the accumulator laws") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  CHECK(census::broken_laws(census::firings_by{inside_quotes()}, blocks) == std::vector<std::string>{});
}
