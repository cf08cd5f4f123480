// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace census {

/// Whether a file of this name is one that a census writes.
inline bool is_census_file(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"run.json",        "layers.csv",     "neurons.csv",
                                                  "detectors.jsonl", "dead_share.csv", "census.safetensors"};
  constexpr std::string_view before = "tokens-", behind = ".safetensors";
  if (!name.starts_with(before)) return std::ranges::find(names, name) != names.end();
  name.remove_prefix(before.size());
  if (!name.ends_with(behind)) return false;
  name.remove_suffix(behind.size());
  return !name.empty() && name.find_first_not_of("0123456789") == name.npos;
}

}  // namespace census
