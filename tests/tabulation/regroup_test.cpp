// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/tabulation/document_halves.hpp>
#include <census/tabulation/regroup.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <tuple>

using census_test::random_blocks;

TEST_CASE("a finer table regrouped is the table that counts by the coarser key") {
  namespace key = census::key;
  census::position_information by_position;
  census::firings_by by_domain{[](census::token_at at) -> std::optional<std::uint16_t> {
    if (!at.sequence().full || at.position() == 4) return std::nullopt;
    return at.domain();
  }};
  auto const blocks = random_blocks();
  std::vector<census::shared_text> texts;
  for (census::block const& block : blocks) texts.push_back(block.text());
  census::firings_by fine{key::tuple(census::document_halves(texts), key::domain{}, key::position{})};
  for (census::block const& block : blocks) {
    fine.observe(block);
    by_position.observe(block);
    by_domain.observe(block);
  }
  for (std::uint32_t layer = 0; layer < 3; ++layer) {
    auto const table = fine.table(layer);
    auto const before = table;
    CHECK(regroup(table, [](auto const& key) { return std::get<2>(key); }) == by_position.table(layer));
    CHECK(regroup(table, [](auto const& key) -> std::optional<std::uint16_t> {
            if (std::get<2>(key) == 4) return std::nullopt;
            return std::get<1>(key);
          }) == by_domain.table(layer));
    CHECK(regroup(table, [](auto const& key) { return key; }) == table);
    CHECK(table == before);  // shared cells were not written
  }
  CHECK(regroup(census::firing_table<int>{}, [](int key) { return key; }).rows() == 0);
}
