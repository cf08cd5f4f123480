// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/report/write_table.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace census {

/// The name of the file that holds a layer's table by token.
inline std::string token_table_name(std::size_t layer) { return "tokens-" + std::to_string(layer) + ".safetensors"; }

/// One layer's table by token as a file of its own, not yet in its place, with the bytes of each token where they are
/// given. read_table<token_id> reads it.
inline std::unique_ptr<safetensors_writer> write_token_table(std::filesystem::path const& path,
                                                             firing_table<token_id> const& table,
                                                             std::span<std::string const> strings = {}) {
  return stage_table(path, table, strings);
}

}  // namespace census
