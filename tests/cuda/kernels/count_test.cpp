// SPDX-License-Identifier: MIT
#include <census/cuda/detail/count_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"

#include <census/activation/packed_firings.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <utility>
#include <vector>

using census::cuda::kernels::counted_piece;

namespace {

struct firings_of_test {
  firings_of_test(std::size_t rows, std::size_t neurons, std::uint32_t seed)
      : words(rows * census::packed_firings::words_for(neurons)) {
    std::mt19937 random(seed);
    std::size_t const words_per_row = census::packed_firings::words_for(neurons);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t n = 0; n < neurons; ++n) {
        bool const fires = n % 32 < 3 ? n % 3 == 0 : random() % 4 < row % 4;  // some always, some never
        words[row * words_per_row + n / 64] |= std::uint64_t{fires} << n % 64;
      }
    std::shared_ptr<std::uint64_t[]> copy(new std::uint64_t[words.size()]);
    std::ranges::copy(words, copy.get());
    here = {std::move(copy), rows, neurons};
  }
  std::vector<std::uint64_t> words;
  census::packed_firings here;
};

/// So many rows have each key in turn; those that are left have none. Shuffled.
census::key_rows keys_with(std::vector<std::size_t> const& rows_of_key, std::size_t rows, std::uint32_t seed) {
  std::vector<std::uint32_t> keys;
  for (std::uint32_t key = 0; key < rows_of_key.size(); ++key) keys.insert(keys.end(), rows_of_key[key], key);
  keys.resize(rows, census::not_counted);
  std::mt19937 random(seed);
  std::shuffle(keys.begin(), keys.end(), random);
  return census::key_rows(keys);
}

/// Cells of a row of a table, each of so many bytes, on the device; in exactly as much memory as they need.
struct row_on_device {
  row_on_device(std::size_t padded_neurons, std::uint32_t bytes, std::uint32_t start)
      : cell_bytes(bytes), cells(census_test::placed(filled(padded_neurons, bytes, start))) {}

  static std::vector<std::byte> filled(std::size_t cells, std::uint32_t bytes, std::uint32_t value) {
    std::vector<std::byte> made(cells * bytes);
    for (std::size_t n = 0; n < cells; ++n) std::memcpy(&made[n * bytes], &value, bytes);  // little-endian
    return made;
  }

  std::vector<std::uint32_t> counts() const {
    std::vector<std::byte> const bytes = census_test::fetched(cells);
    std::vector<std::uint32_t> all(bytes.size() / cell_bytes);
    for (std::size_t n = 0; n < all.size(); ++n) std::memcpy(&all[n], &bytes[n * cell_bytes], cell_bytes);
    return all;
  }

  std::uint32_t cell_bytes;
  census::cuda::detail::device_array<std::byte> cells;
};

std::vector<row_on_device> rows_for(census::key_rows const& keys, std::size_t neurons, std::uint32_t widest_by) {
  std::size_t const padded = census::packed_firings::words_for(neurons) * 64;
  std::vector<row_on_device> rows;
  for (census::row_group const& group : keys.groups()) {
    std::uint32_t const least = group.size() + 7 <= 255 ? 1 : 2;  // 7 is what the cells hold at first
    rows.emplace_back(padded, std::min(4u, least << (group.table_row + widest_by) % 3), 7);
  }
  return rows;
}

void count(firings_of_test const& firings, census::key_rows const& keys, std::vector<row_on_device> const& rows) {
  namespace detail = census::cuda::detail;
  std::vector<counted_piece> pieces;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    census::row_group const group = keys.groups()[i];
    detail::append_pieces(pieces, rows[i].cells.data(), rows[i].cell_bytes, group.first, group.last);
  }
  auto const bits = census_test::placed(firings.words);
  auto const order = census_test::placed(std::vector(keys.order().begin(), keys.order().end()));
  auto const sent = census_test::placed(pieces);
  detail::launch_count(bits.data(), firings.here.words_per_row(), order.data(), sent.data(), sent.size(),
                       census_test::first_device()->stream());
  detail::wait_for(census_test::first_device()->stream());
}

/// Whether the rows, which held 7 in every cell, hold what the engine counts as well, and past the last neuron still 7.
bool as_the_engine(firings_of_test const& firings, census::key_rows const& keys,
                   std::vector<row_on_device> const& rows) {
  census::firing_counts expected(firings.here.neurons());
  census::tabulate(firings.here, keys, expected);
  bool same = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::uint32_t> counts = rows[i].counts();
    auto const engine = expected.counts(keys.groups()[i].table_row);
    for (std::size_t n = 0; n < counts.size(); ++n)
      same &= counts[n] == 7 + (n < firings.here.neurons() ? engine[n] : 0);
  }
  return same;
}

}  // namespace

TEST_CASE("rows are cut into pieces of at most 63, alike in size, none where there are none") {
  for (std::uint32_t const rows : {0u, 1u, 63u, 64u, 100u, 126u, 127u, 8192u}) {
    std::vector<counted_piece> pieces;
    int row_of_table = 0;
    census::cuda::detail::append_pieces(pieces, &row_of_table, 4, 5, 5 + rows);
    CHECK(pieces.size() == census::cuda::detail::pieces_of(rows));
    CHECK(pieces.size() == (rows + 62) / 63);
    std::uint32_t next = 5, least = 63, most = 0;
    for (counted_piece const& piece : pieces) {
      CHECK(piece.first == next);
      CHECK(piece.cells == &row_of_table);
      CHECK(piece.cell_bytes == 4);
      CHECK(piece.shares_cells == (rows > 63 ? 1 : 0));
      next = piece.last;
      least = std::min(least, piece.last - piece.first);
      most = std::max(most, piece.last - piece.first);
    }
    CHECK(next == 5 + rows);
    if (rows > 0) CHECK(most - least <= 1);
    CHECK(most <= 63);
  }
}

TEST_CASE("a device counts as the engine does, for any number of neurons and rows, in cells of any width") {
  census_test::in_each_schedule([] {
    std::uint32_t seed = 0;
    for (std::size_t const neurons : census_test::odd_sizes) {
      firings_of_test const firings(240, neurons, ++seed);
      census::key_rows const keys = keys_with({1, 2, 3, 4, 9, 15, 17, 40, 130}, 240, seed);
      auto const rows = rows_for(keys, neurons, seed);
      count(firings, keys, rows);
      CHECK(as_the_engine(firings, keys, rows));
    }
  });
}

TEST_CASE("every number of rows that a piece can have is counted") {
  std::vector<std::size_t> rows_of_key(65);
  std::iota(rows_of_key.begin(), rows_of_key.end(), 0);
  std::size_t const all = std::accumulate(rows_of_key.begin(), rows_of_key.end(), std::size_t{0});
  firings_of_test const firings(all, 100, 1);
  census::key_rows const keys = keys_with(rows_of_key, all, 1);
  for (std::uint32_t const width : {0u, 1u, 2u}) {
    auto const rows = rows_for(keys, 100, width);
    count(firings, keys, rows);
    CHECK(as_the_engine(firings, keys, rows));
  }
}

TEST_CASE("cells are counted up to what they can hold, and their neighbours do not see it") {
  firings_of_test const firings(248, 200, 3);
  census::key_rows const keys = keys_with({248}, 248, 3);  // and 7 before: 255
  auto const rows = rows_for(keys, 200, 0);
  REQUIRE(rows[0].cell_bytes == 1);
  count(firings, keys, rows);
  auto const counts = rows[0].counts();
  CHECK(*std::ranges::max_element(counts) == 255);
  CHECK(as_the_engine(firings, keys, rows));
}

TEST_CASE("where there is nothing to count, nothing is launched") {
  census::cuda::detail::launch_count(nullptr, 4, nullptr, nullptr, 0, nullptr);
  census::cuda::detail::launch_count(nullptr, 0, nullptr, nullptr, 1, nullptr);
  census::cuda::detail::launch_prepare(nullptr, 0, 64, nullptr);
  census::cuda::detail::launch_prepare(nullptr, 1, 0, nullptr);
  CHECK_NOTHROW(census::cuda::detail::wait_for(nullptr));
}
