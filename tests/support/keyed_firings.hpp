// SPDX-License-Identifier: MIT
// Firings with the keys of their rows, for tests of what counts them.
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census_test {

struct keyed_firings {
  census::packed_firings firings;
  census::key_rows rows;
};

/// A third of the neurons fires at a row; an eighth of the rows is not counted.
inline keyed_firings random_keyed_firings(std::size_t count, std::size_t neurons, std::uint32_t keys,
                                          std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> values(count * neurons);
  for (float& value : values) value = random() % 3 == 0 ? 1.f : -1.f;
  std::vector<std::uint32_t> table_row(count);
  for (std::uint32_t& row : table_row) row = random() % 8 == 0 ? census::not_counted : random() % keys;
  return {census::pack({std::move(values), neurons}), census::key_rows(table_row)};
}

/// Every neuron but the last fires at every row; all rows have one key.
inline keyed_firings full_keyed_firings(std::size_t count, std::size_t neurons) {
  std::vector<float> values(count * neurons, 1.f);
  for (std::size_t i = neurons - 1; i < values.size(); i += neurons) values[i] = -1;
  return {census::pack({std::move(values), neurons}), census::key_rows(std::vector<std::uint32_t>(count, 0))};
}

/// Counts so many occurrences of one key, at whose every one the one neuron fires, without running through them.
inline census::firing_counts occurring(std::uint64_t times) {
  census::firing_counts power(1), sum(1);
  tabulate(census::pack({std::vector<float>{1}, 1}), census::key_rows(std::vector<std::uint32_t>{0}), power);
  for (; times != 0; times >>= 1) {
    if (times & 1) sum.add(0, power, 0);
    if (times > 1) power.add(0, census::firing_counts(power), 0);
  }
  return sum;
}

/// Adds every row of `of` to that of the same number.
inline census::firing_counts sum(census::firing_counts into, census::firing_counts const& of) {
  for (std::size_t row = 0; row < of.rows(); ++row) into.add(row, of, row);
  return into;
}

/// Bytes of a cell of a row that is at home.
inline std::size_t cell_bytes(census::firing_counts const& counts, std::size_t row) {
  return counts.counts(row).visit([](auto cells) { return sizeof cells[0]; });
}

/// Checks counts that lie elsewhere against those of the same firings here, and that they come home.
inline void check_elsewhere(census::firing_counts const& there, census::firing_counts const& here) {
  CHECK(there.rows() == here.rows());
  CHECK_FALSE(there.is_at_home());
  CHECK_THROWS_AS(there.counts(0), std::logic_error);
  CHECK(there == here);
  auto const home = there.at_home();
  CHECK(home.is_at_home());
  CHECK(home.counts(0) == here.counts(0));
  CHECK(there.select(std::vector<std::uint32_t>{2, 0}) == here.select(std::vector<std::uint32_t>{2, 0}));
}

/// Checks counts of full_keyed_firings of 3 neurons, wherever they lie: their sums, and that cells are as narrow as so
/// many occurrences allow.
inline void check_widened(census::firing_counts const& there, census::firing_counts const& here,
                          std::uint32_t occurrences) {
  CHECK(there == here);
  auto const home = there.at_home();
  CHECK(home.counts(0)[0] == occurrences);
  CHECK(home.counts(0)[2] == 0);
  CHECK(cell_bytes(home, 0) == (occurrences <= 255 ? 1 : occurrences <= 65'535 ? 2 : 4));
}

}  // namespace census_test
