// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>

#include <filesystem>
#include <string>
#include <system_error>

namespace census {

/// Throws bad_input where a folder's `tokenizer_config.json`, if there is one, is malformed, or says that a space is put
/// in front of each text: that would give other ids. What else it holds (BOS, special tokens) concerns no plain text.
inline void check_tokenizer_config(std::filesystem::path const& folder) {
  auto const path = folder / "tokenizer_config.json";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return;
  auto const config = parse_json(read_file(path), path.string());
  if (!config.is_object()) throw bad_input(path.string(), "is no JSON object");
  if (auto const found = config.find("add_prefix_space"); found != config.end() && *found == true)
    throw bad_input(path.string(), "has the setting \"add_prefix_space\": true, which would give other ids");
}

}  // namespace census
