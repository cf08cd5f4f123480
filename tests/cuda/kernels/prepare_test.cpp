// SPDX-License-Identifier: MIT
#include <census/cuda/detail/count_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

namespace {

std::vector<std::byte> cells_of(std::vector<std::uint32_t> const& counts, std::uint32_t cell_bytes) {
  std::vector<std::byte> cells(counts.size() * cell_bytes);
  for (std::size_t n = 0; cell_bytes > 0 && n < counts.size(); ++n)
    std::memcpy(&cells[n * cell_bytes], &counts[n], cell_bytes);  // little-endian
  return cells;
}

struct widening {
  std::uint32_t from, to;
};

}  // namespace

TEST_CASE("rows of cells are made, widened and copied on a device, whatever their width") {
  constexpr widening all[] = {{0, 1}, {0, 2}, {0, 4}, {1, 1}, {1, 2}, {1, 4}, {2, 2}, {2, 4}, {4, 4}};
  census_test::in_each_schedule([&] {
    std::mt19937 random(1);
    for (std::size_t const neurons : {64u, 128u, 1024u, 1088u, 4096u, 4160u}) {
      std::vector<census::cuda::detail::device_array<std::byte>> from, to;
      std::vector<std::vector<std::byte>> expected;
      std::vector<census::cuda::kernels::prepared_row> rows;
      for (widening const& one : all) {
        std::vector<std::uint32_t> counts(neurons);
        for (std::uint32_t& count : counts) count = one.from == 0 ? 0 : random() >> (32 - 8 * one.from);
        from.push_back(census_test::placed(cells_of(counts, one.from)));
        to.push_back(census_test::placed(std::vector<std::byte>(neurons * one.to, std::byte{0xab})));
        expected.push_back(cells_of(counts, one.to));
        rows.push_back({from.back().data(), to.back().data(), one.from, one.to});
      }
      auto const sent = census_test::placed(rows);
      census::cuda::detail::launch_prepare(sent.data(), sent.size(), neurons, census_test::first_device()->stream());
      for (std::size_t i = 0; i < to.size(); ++i) CHECK(census_test::fetched(to[i]) == expected[i]);
    }
  });
}
