// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace census {

/// The name of the file that holds a layer's table by token: a table that stage_table writes, and read_table<token_id>
/// reads.
inline std::string token_table_name(std::size_t layer) { return "tokens-" + std::to_string(layer) + ".safetensors"; }

}  // namespace census
