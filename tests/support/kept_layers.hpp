// SPDX-License-Identifier: MIT
// Kept layers made of blocks, in memory, in a file, or in both.
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/file_backed_firings.hpp>
#include <census/tabulation/kept_layer.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace census_test {

enum class kept_in { memory, file, both };

/// The firings of one layer's blocks. `both`: every other block in a file.
inline census::kept_layer keep_layer(std::vector<census::block> const& blocks, kept_in where, std::uint32_t layer = 0) {
  auto const file = std::make_shared<census::firings_file>(std::filesystem::temp_directory_path());
  census::kept_layer kept(blocks.at(0).firings().neurons());
  std::size_t number = 0;
  for (census::block const& block : blocks) {
    if (block.layer() != layer) continue;
    bool const in_file = where == kept_in::file || (where == kept_in::both && number++ % 2 == 1);
    if (in_file)
      kept.add({block.text(), census::file_backed_firings(file, block.firings())});
    else
      kept.add({block.text(), block.firings()});
  }
  return kept;
}

}  // namespace census_test
