// SPDX-License-Identifier: MIT
#pragma once

#include <census/parse_number.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace census::detail {

/// Whether a file of this name is one that a census keeps while it is under way: snapshots and results of layers
/// (census_snapshots), residual streams, states, those that ranks exchange (state_exchange) among them.
inline bool is_unfinished_file(std::string_view name) {
  struct numbered {
    std::string_view before, behind;
  };
  constexpr std::array<numbered, 5> of_a_number{{{"snapshot-", ".safetensors"},
                                                 {"layer-", ".safetensors"},
                                                 {"state-", ".safetensors"},
                                                 {"state-of-rank-", ".safetensors"},
                                                 {"residuals-", ".bin"}}};
  constexpr std::array<std::string_view, 3> others{"run.safetensors", "state-text.safetensors",
                                                   "state-of-all-below.safetensors"};
  auto const has_this_name = [&](numbered const& one) {
    if (!name.starts_with(one.before) || !name.ends_with(one.behind)) return false;
    if (name.size() <= one.before.size() + one.behind.size()) return false;
    auto const digits = name.substr(one.before.size(), name.size() - one.before.size() - one.behind.size());
    return parse_number<std::uint64_t>(digits) && (digits == "0" || !digits.starts_with('0'));
  };
  return std::ranges::find(others, name) != others.end() || std::ranges::any_of(of_a_number, has_this_name);
}

}  // namespace census::detail
