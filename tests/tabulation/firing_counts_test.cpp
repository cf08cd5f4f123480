// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {
census::key_rows rows_of(std::vector<std::uint32_t> const& table_row) { return census::key_rows(table_row); }
census::key_rows rows_of(std::size_t times, std::uint32_t table_row) {
  return rows_of(std::vector<std::uint32_t>(times, table_row));
}
census::packed_firings firings(std::vector<float> values, std::size_t neurons) {
  return census::pack({std::move(values), neurons});
}

/// Where a row's cells lie.
void const* place_of(census::row_counts const& counts) {
  return counts.visit([](auto cells) -> void const* { return cells.data(); });
}

/// How many bytes a cell of the row takes.
std::size_t cell_bytes(census::row_counts const& counts) {
  return counts.visit([](auto cells) { return sizeof cells[0]; });
}
}  // namespace

TEST_CASE("a copy of counts is independent, and shares the rows that neither writes") {
  census::firing_counts a(1);
  tabulate(firings({1, 1}, 1), rows_of({0, 1}), a);
  census::firing_counts b = a;
  CHECK(place_of(b.counts(0)) == place_of(a.counts(0)));
  tabulate(firings({1}, 1), rows_of({0}), b);
  CHECK(a.counts(0)[0] == 1);
  CHECK(b.counts(0)[0] == 2);
  CHECK(place_of(b.counts(1)) == place_of(a.counts(1)));
  CHECK_FALSE(a == b);
}

TEST_CASE("a row that could outgrow its cells is refused before anything is counted") {
  census::firing_counts counts(1);
  tabulate(firings({1}, 1), rows_of({0}), counts);
  for (int i = 0; i < 31; ++i) counts.add(0, census::firing_counts(counts), 0);  // 2^31 occurrences, 2^31 firings
  CHECK(counts.counts(0)[0] == std::uint32_t{1} << 31);
  census::firing_counts const before = counts;
  CHECK_THROWS_AS(counts.add(0, before, 0), std::overflow_error);
  CHECK(counts == before);

  census::firing_counts almost = before;  // 2^32 - 1 occurrences: the most a cell can count
  for (int i = 0; i < 31; ++i) {
    census::firing_counts power(1);
    tabulate(firings({1}, 1), rows_of({0}), power);
    for (int j = 0; j < i; ++j) power.add(0, census::firing_counts(power), 0);
    almost.add(0, power, 0);
  }
  CHECK(almost.counts(0)[0] == ~std::uint32_t{0});
  CHECK(almost.occurrences(0) == 0xffffffffu);
  census::firing_counts const full = almost;
  CHECK_THROWS_AS(tabulate(firings({-1, 1}, 1), rows_of({1, 0}), almost), std::overflow_error);
  CHECK(almost == full);
}

TEST_CASE("a row's cells are as narrow as its occurrences allow, and what shares it keeps its own") {
  census::firing_counts counts(70);
  std::uint32_t occurrences = 0;
  auto const occur = [&](std::uint32_t times) {  // every neuron but the last fires each time
    std::vector<float> values(std::size_t{times} * 70, 1.f);
    for (std::size_t i = 69; i < values.size(); i += 70) values[i] = -1;
    tabulate(firings(std::move(values), 70), rows_of(times, 0), counts);
    occurrences += times;
  };
  auto const holds = [&](census::firing_counts const& in, std::uint32_t firings_of_each) {
    bool same = in.occurrences(0) == firings_of_each && in.counts(0)[69] == 0;
    for (std::size_t n = 0; n < 69; ++n) same &= in.counts(0)[n] == firings_of_each;
    return same;
  };
  std::vector<std::pair<census::firing_counts, std::uint32_t>> earlier;
  for (auto const& [times, bytes] : {std::pair{1u, 1u}, {254, 1}, {1, 2}, {65'279, 2}, {1, 4}, {70'000, 4}}) {
    occur(times);
    CAPTURE(occurrences);
    CHECK(cell_bytes(counts.counts(0)) == bytes);
    CHECK(holds(counts, occurrences));
    earlier.emplace_back(counts, occurrences);
  }
  for (auto const& [then, occurred] : earlier) CHECK(holds(then, occurred));
}

TEST_CASE("rows of any two widths add up") {
  std::vector<census::firing_counts> of_width;
  std::vector<std::uint32_t> const sizes{3, 255, 256, 65'535, 65'536};
  for (std::uint32_t const size : sizes) {
    std::vector<float> values(size, 1.f);
    values[0] = -1;  // fires all times but one
    tabulate(firings(std::move(values), 1), rows_of(size, 0), of_width.emplace_back(1));
  }
  for (std::size_t a = 0; a < sizes.size(); ++a)
    for (std::size_t b = 0; b < sizes.size(); ++b) {
      census::firing_counts sum = of_width[a];
      sum.add(0, of_width[b], 0);
      CHECK(sum.occurrences(0) == sizes[a] + sizes[b]);
      CHECK(sum.counts(0)[0] == sizes[a] + sizes[b] - 2);
      CHECK(of_width[a].counts(0)[0] == sizes[a] - 1);
    }
}

TEST_CASE("the memory that is planned for a table bounds what its rows take") {
  std::vector<std::uint32_t> const occurrences{1, 1, 255, 256, 300, 65'535, 65'536};
  census::firing_counts counts(100);
  std::uint64_t tokens = 0, bytes = 0;
  for (std::uint32_t row = 0; row < occurrences.size(); ++row) {
    tabulate(firings(std::vector<float>(std::size_t{occurrences[row]} * 100, -1.f), 100),
             rows_of(occurrences[row], row), counts);
    tokens += occurrences[row];
    bytes += cell_bytes(counts.counts(row)) * counts.padded_neurons();
  }
  CHECK(bytes <= census::firing_counts::bytes(occurrences.size(), tokens, 100));
  CHECK(census::firing_counts::bytes(1, 255, 64) < census::firing_counts::bytes(1, 256, 64));
}

TEST_CASE("a row of a table can be added to a new row of its own") {
  census::firing_counts counts(1);
  tabulate(firings({1}, 1), rows_of({0}), counts);
  counts.add(500, counts, 0);
  CHECK(counts.counts(500)[0] == 1);
}

TEST_CASE("counts of no neuron are stored and restored as others are") {
  census::firing_counts none(0);
  for (std::uint64_t const occurred : {3, 300, 70'000}) CHECK(none.append(occurred, std::span<std::uint32_t const>()));
  census::firing_counts restored(7);
  census::restore(census::store(none), restored);
  CHECK(restored == none);
  CHECK(restored.occurrences(2) == 70'000);
}

TEST_CASE("shapes that disagree are refused") {
  census::firing_counts counts(2);
  CHECK_THROWS_AS(tabulate(firings({1, 1}, 2), rows_of({0, 0}), counts), std::invalid_argument);
  CHECK_THROWS_AS(tabulate(firings({1, 1}, 1), rows_of({0, 0}), counts), std::invalid_argument);
  CHECK_THROWS_AS(counts.add(0, census::firing_counts(3), 0), std::invalid_argument);
}
