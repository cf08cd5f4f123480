// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/statistic/take_layer_result.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::vector<census::block> random_layer() {
  return census_test::random_blocks(
      {.texts = 4, .sequences = 6, .neurons = 70, .layers = 1, .context = 9, .domains = 3, .seed = 5});
}

// The stored tables of the blocks first .. last - 1.
census::layer_tables tables_of(std::vector<census::block> const& blocks, std::size_t first, std::size_t last) {
  std::vector<census::block> const some(blocks.begin() + static_cast<std::ptrdiff_t>(first),
                                        blocks.begin() + static_cast<std::ptrdiff_t>(last));
  census::liveness everything;
  census::firings_by<census::key::domain> domains;
  census::position_information positions;
  census::survey(some, everything, domains, positions);
  return {0, everything.table(0), domains.table(0), positions.table(0)};
}

}  // namespace

TEST_CASE("tables that are added are those of the whole, in either order") {
  auto const blocks = random_layer();
  auto const whole = tables_of(blocks, 0, 4), a = tables_of(blocks, 0, 1), b = tables_of(blocks, 1, 4);
  for (auto const& sum : {census::merge(a, b), census::merge(b, a)}) {
    CHECK(sum.everything == whole.everything);
    CHECK(sum.by_domain == whole.by_domain);
    CHECK(sum.by_position == whole.by_position);
  }
}

TEST_CASE("what stored tables tell of a layer is what a census tells, and the rest is empty") {
  auto const blocks = random_layer();
  census::paper_survey seen;
  census::survey(blocks, seen);
  auto const expected = seen.result(0);
  auto const taken = census::take_layer_result(tables_of(blocks, 0, 4)).census;
  CHECK(taken.liveness.tokens == expected.liveness.tokens);
  CHECK(taken.liveness.firings == expected.liveness.firings);
  CHECK(taken.liveness.dead_share == expected.liveness.dead_share);
  CHECK(taken.liveness.mean_frequency_alive == expected.liveness.mean_frequency_alive);
  CHECK_FALSE(taken.liveness.unseen.has_value());
  REQUIRE(expected.position.full_sequences > 0);
  CHECK(taken.position.full_sequences == expected.position.full_sequences);
  CHECK(taken.position.mutual_information == expected.position.mutual_information);
  CHECK(taken.position.mutual_information_corrected == expected.position.mutual_information_corrected);
  CHECK(taken.position.firing_entropy == expected.position.firing_entropy);
  CHECK(taken.position.positional == expected.position.positional);
  CHECK(taken.position.decoy_w.empty());
  CHECK(taken.position.positional_corrected.empty());
  CHECK(taken.tokens.cover.empty());
}

TEST_CASE("tables of other layers or of full sequences of another length are not added") {
  auto const blocks = random_layer();
  auto const a = tables_of(blocks, 0, 1);
  auto b = tables_of(blocks, 1, 4);
  b.layer = 1;
  CHECK_THROWS_AS(census::merge(a, b), std::invalid_argument);
  b.layer = 0;
  b.by_position = census::leave_out(b.by_position, [](std::uint32_t position) { return position == 8; });
  CHECK_THROWS_AS(census::merge(a, b), std::invalid_argument);
  b.by_position = {};
  static_cast<census::firing_counts&>(b.by_position) = census::firing_counts(70);
  CHECK(census::merge(a, b).by_position == a.by_position);  // one of the two may have no full sequence
}

TEST_CASE("tables by token are merged where both have them, and tell what single tokens tell") {
  auto const blocks = random_layer();
  auto const with_tokens = [&](std::size_t first, std::size_t last) {
    auto tables = tables_of(blocks, first, last);
    census::token_coverage tokens;
    for (std::size_t i = first; i < last; ++i) tokens.observe(blocks[i]);
    tables.by_token = tokens.table(0);
    for (auto const token : tables.by_token->keys) tables.token_strings.push_back(std::to_string(token));
    return tables;
  };
  auto const a = with_tokens(0, 1), b = with_tokens(1, 4), whole = with_tokens(0, 4);
  auto const both = census::merge(a, b);
  REQUIRE(both.by_token.has_value());
  CHECK(*both.by_token == *whole.by_token);
  CHECK(both.token_strings == whole.token_strings);
  CHECK_FALSE(census::merge(a, tables_of(blocks, 1, 4)).by_token.has_value());
  census::paper_survey seen;
  census::survey(blocks, seen);
  auto const taken = census::take_layer_result(both), expected = census::layer_result{seen.result(0), {}, {}, {}, {}};
  CHECK(taken.census.tokens.cover == expected.census.tokens.cover);
  CHECK(taken.census.tokens.firings == expected.census.tokens.firings);
  CHECK(taken.census.tokens.detected == expected.census.tokens.detected);
  CHECK(taken.census.tokens.claims.empty());
}
