// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

// What the host and the kernels of counting tell each other. Plain C++, for both read it.

namespace census::cuda::kernels {

/// Words of 32 neurons that one warp takes of a row, a word a lane.
inline constexpr std::uint32_t words_of_warp = 32;

/// Most warps of a block that side by side take parts of one row.
inline constexpr std::uint32_t most_warps = 4;

/// Rows of a block that are counted by one warp for each 1024 neurons: those of a key, or a piece of them.
struct counted_piece {
  /// As many as counters of six bits can count.
  static constexpr std::uint32_t most_rows = 63;

  void* cells;                 ///< of the row of a table: [neuron], padded to a whole number of 64, on 64 bytes
  std::uint32_t first, last;   ///< in the order of rows; at least one row
  std::uint32_t cell_bytes;    ///< 1, 2 or 4
  std::uint32_t shares_cells;  ///< 1 where another piece of the same launch has the same cells, else 0
};

/// A row of a table that gets its first cells, or cells that are wider, or a copy of what another row holds.
struct prepared_row {
  void const* from;               ///< cells as above; not read where they are of no bytes
  void* to;                       ///< no cells of `from` are among them
  std::uint32_t from_cell_bytes;  ///< 0, 1, 2 or 4; 0: all cells become 0
  std::uint32_t to_cell_bytes;    ///< 1, 2 or 4, and not fewer
};

}  // namespace census::cuda::kernels
