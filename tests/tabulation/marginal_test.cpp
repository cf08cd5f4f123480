// SPDX-License-Identifier: MIT
#include <census/accumulator/named.hpp>
#include <census/tabulation/document_half.hpp>
#include <census/tabulation/marginal.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <map>

TEST_CASE("a table by half and token, halves summed out, is the table by token; and each half is its own recount") {
  census::firings_by<census::key::tuple<census::key::document_half, census::key::token>> halves;
  census::token_coverage tokens;
  auto const blocks = census_test::random_blocks({.layers = 2});
  for (auto const& block : blocks) halves.observe(block), tokens.observe(block);
  for (std::uint32_t const layer : {0u, 1u}) {
    auto const by_half = halves.table(layer);
    CHECK(census::marginal(by_half) == tokens.table(layer));

    std::map<std::tuple<std::uint8_t, census::token_id>, std::pair<std::uint64_t, std::uint64_t>>
        recount;  // of neuron 4
    census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& from) {
      if (block.layer() != layer || row == from.first_row) return;
      census::token_at const at(*block.text(), from, row);
      auto& [occurrences, firings] = recount[{census::key::document_half{}(at), at.token()}];
      ++occurrences, firings += block.firings().fires(row, 4);
    });
    REQUIRE(recount.size() == by_half.keys.size());
    CHECK(recount.rbegin()->first == std::tuple<std::uint8_t, census::token_id>(1, 11));  // both halves occur
    for (std::size_t row = 0; row < by_half.rows(); ++row) {
      auto const& [occurrences, firings] = recount.at(by_half.keys[row]);
      CHECK(by_half.occurrences(row) == occurrences);
      CHECK(by_half.counts(row)[4] == firings);
    }
  }
}
