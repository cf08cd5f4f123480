// SPDX-License-Identifier: MIT
#include <census/report/add_tables.hpp>

#include "surveyed_layers.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

using census_test::surveyed;
using blocks = std::vector<census::block>;

// Of the texts of which which(number) holds.
template <class Which>
blocks of_texts(blocks const& source, Which const& which) {
  std::vector<census::shared_text> texts;
  blocks some;
  for (auto const& block : source) {
    if (block.layer() == 0) texts.push_back(block.text());
    if (which(std::find(texts.begin(), texts.end(), block.text()) - texts.begin())) some.push_back(block);
  }
  return some;
}

// The tables of some blocks, their domains 0, 1, 2 under these names.
census::stored_tables stored(std::string const& path, blocks const& source, std::vector<std::string> const& domains,
                             std::size_t layers = surveyed::layers) {
  census::paper_survey seen({.keep_firings = false});
  census::survey(source, seen);
  census::tables_file written(path, {0, layers, surveyed::neurons, domains, surveyed::context});
  for (std::uint32_t layer = 0; layer < layers; ++layer)
    written.append({seen.result(layer), seen.by_domain(layer), seen.by_position(layer), {}, {}});
  written.commit();
  return census::stored_tables(path);
}

}  // namespace

TEST_CASE("tables of a text in parts, added, are those of the text, domains by their names") {
  temporary_folder const folder;
  auto const source = surveyed::blocks();
  auto const whole = stored(folder / "whole", source, {"a", "b", "c"}),
             even = stored(folder / "even", of_texts(source, [](auto i) { return i % 2 == 0; }), {"a", "b", "c"}),
             odd = stored(folder / "odd", of_texts(source, [](auto i) { return i % 2 == 1; }), {"a", "b", "c"}),
             renamed = stored(folder / "renamed", of_texts(source, [](auto i) { return i % 2 == 1; }), {"c", "d", "a"});
  for (auto const& added :
       {census::added_tables({even, odd}), census::added_tables({odd, even}), census::added_tables({whole})}) {
    CHECK(added.shape().domains == whole.shape().domains);
    for (std::size_t i = 0; i < surveyed::layers; ++i) {
      auto const expected = whole.at(i);
      auto const sum = added.at(i);
      CHECK(sum.census.liveness.firings == census::firings(expected.everything));
      CHECK(added.firings(i) == census::firings(expected.everything));
      CHECK(sum.by_domain == expected.by_domain);
      CHECK(sum.by_position == expected.by_position);
    }
  }
  census::added_tables const mixed({even, renamed});
  CHECK(mixed.shape().domains == std::vector<std::string>{"a", "b", "c", "d"});
  auto const one = even.at(0).by_domain, other = renamed.at(0).by_domain, sum = mixed.at(0).by_domain;
  CHECK(sum.occurrences_of(0) == one.occurrences_of(0) + other.occurrences_of(2));
  CHECK(sum.occurrences_of(1) == one.occurrences_of(1));
  CHECK(sum.occurrences_of(2) == one.occurrences_of(2) + other.occurrences_of(0));
  CHECK(sum.occurrences_of(3) == other.occurrences_of(1));
}

TEST_CASE("tables that are not of the same neurons are refused by name") {
  temporary_folder const folder;
  auto const source = surveyed::blocks();
  auto const a = stored(folder / "a", source, {"a", "b", "c"}),
             fewer = stored(folder / "fewer", source, {"a", "b", "c"}, 2);
  CHECK_THROWS_WITH(census::added_tables({a, fewer}), Catch::Contains("fewer") && Catch::Contains("layers 0:2"));
  CHECK_THROWS_AS(census::added_tables({}), std::invalid_argument);
}
