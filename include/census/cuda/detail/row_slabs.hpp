// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace census::cuda::detail {

/// The cells of one row of a table, on a device: [neuron], padded to a whole number of 64.
struct row_cells {
  std::byte* first = nullptr;
  std::uint32_t cell_bytes = 0;  ///< 1, 2 or 4; 0 where nothing of the row was counted
};

/// How many rows of cells of 1, 2 and 4 bytes.
using rows_by_width = std::array<std::size_t, 3>;

/// Where rows of so many bytes a cell are in such an array.
constexpr std::size_t width_number(std::uint32_t cell_bytes) {
  return static_cast<std::size_t>(std::bit_width(cell_bytes)) - 1;
}

/// Memory for rows of cells, in slabs of many rows each, so that a table of 50,000 keys takes some dozen allocations. A
/// row that was given back is taken again. What lies in a row that is taken is left over from others.
class row_slabs {
 public:
  row_slabs(std::shared_ptr<device const> on, std::size_t padded_neurons)
      : on_(std::move(on)), padded_neurons_(padded_neurons) {}

  /// Bytes that slabs can take beside the rows of each width that were ever taken at once: the last slab of a width may
  /// be nearly empty.
  static constexpr std::uint64_t slack() { return 3 * std::uint64_t{most_ahead}; }

  /// Makes room for so many rows, which can then be taken. Throws device_error; there is no less room than before then.
  void reserve(rows_by_width const& wanted) {
    for (std::size_t width = 0; width < wanted.size(); ++width) {
      pool& mine = pools_[width];
      if (wanted[width] > mine.free.size()) grow(mine, std::uint32_t{1} << width, wanted[width] - mine.free.size());
    }
  }

  /// Precondition: reserved.
  row_cells take(std::uint32_t cell_bytes) noexcept {
    auto& free = pools_[width_number(cell_bytes)].free;
    std::byte* const first = free.back();
    free.pop_back();
    return {first, cell_bytes};
  }

  /// Work that is in the device's stream may still use the row; who takes it next uses it in that stream as well.
  void give_back(row_cells row) noexcept { pools_[width_number(row.cell_bytes)].free.push_back(row.first); }

 private:
  struct pool {
    std::vector<device_array<std::byte>> slabs;
    std::size_t rows = 0;          // in all slabs
    std::vector<std::byte*> free;  // has room for all
  };

  static constexpr std::size_t most_ahead = std::size_t{64} << 20;  // bytes of a slab that nobody has asked for yet

  /// A slab of at least so many rows: of as many again as there are, up to most_ahead.
  void grow(pool& mine, std::uint32_t cell_bytes, std::size_t least) {
    std::size_t const row_bytes = padded_neurons_ * cell_bytes;
    std::size_t const rows = std::max(least, std::min(mine.rows, most_ahead / row_bytes));
    mine.free.reserve(mine.rows + rows);
    mine.slabs.reserve(mine.slabs.size() + 1);
    std::byte* const first = mine.slabs.emplace_back(on_, rows * row_bytes).data();
    mine.rows += rows;
    for (std::size_t i = rows; i-- > 0;) mine.free.push_back(first + i * row_bytes);
  }

  std::shared_ptr<device const> on_;
  std::size_t padded_neurons_;
  std::array<pool, 3> pools_;
};

}  // namespace census::cuda::detail
