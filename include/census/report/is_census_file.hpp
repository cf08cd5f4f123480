// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace census {

/// Whether a file of this name is one that a census writes.
inline bool is_census_file(std::string_view name) {
  constexpr std::array<std::string_view, 7> names{"run.json",        "layers.csv",     "neurons.csv",
                                                  "detectors.jsonl", "dead_share.csv", "census.safetensors",
                                                  "examples.jsonl"};
  constexpr std::string_view behind = ".safetensors";
  if (std::ranges::find(names, name) != names.end()) return true;
  if (!name.ends_with(behind)) return false;
  name.remove_suffix(behind.size());
  for (std::string_view const before : {"tokens-", "projections-", "state-"})
    if (auto const of = name.substr(std::min(before.size(), name.size())); name.starts_with(before) && !of.empty())
      return of.find_first_not_of("0123456789") == of.npos || (before == "state-" && of == "text");
  return false;
}

}  // namespace census
