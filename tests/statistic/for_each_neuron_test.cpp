// SPDX-License-Identifier: MIT
#include <census/statistic/for_each_neuron.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <atomic>
#include <random>

TEST_CASE("every neuron of a table is visited once, with its counts of all keys, whatever the cells' widths") {
  std::mt19937 random(7);
  for (std::size_t const neurons : {1u, 15u, 16u, 17u, 100u}) {
    std::vector<std::uint32_t> const occurrences{3, 255, 256, 1, 40};
    std::vector<std::vector<std::uint32_t>> counts;
    for (std::uint32_t const most : occurrences) {
      counts.emplace_back();
      for (std::size_t n = 0; n < neurons; ++n)
        counts.back().push_back(static_cast<std::uint32_t>(random() % (most + 1)));
    }
    auto const table = census_test::planted_table(counts, occurrences);
    std::vector<std::vector<std::uint32_t>> seen(neurons);
    std::atomic<std::size_t> visits = 0;
    census::for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> column) {
      seen.at(neuron).assign(column.begin(), column.end());
      ++visits;
    });
    CHECK(visits == neurons);
    for (std::size_t n = 0; n < neurons; ++n)
      for (std::size_t key = 0; key < counts.size(); ++key) CHECK(seen[n].at(key) == counts[key][n]);
  }
}

TEST_CASE("a key that did not occur counts as no firing, and a table without neurons has nothing to visit") {
  auto const table = census_test::planted_table({{2, 0}, {0, 0}, {1, 1}}, {2, 0, 1});
  census::for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> column) {
    std::vector<std::uint32_t> const expected =
        neuron == 0 ? std::vector<std::uint32_t>{2, 0, 1} : std::vector<std::uint32_t>{0, 0, 1};
    if (!std::ranges::equal(column, expected)) throw std::logic_error("another column");
  });
  census::for_each_neuron(census::firing_counts(0), [](std::uint32_t, std::span<std::uint32_t const>) {
    throw std::logic_error("a neuron out of nothing");
  });
}
