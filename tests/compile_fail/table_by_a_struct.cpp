// SPDX-License-Identifier: MIT
#include <census/report/write_table.hpp>

#include <compare>
#include <tuple>

#ifdef CENSUS_MISUSE
struct written_key {
  int place = 0;
  auto operator<=>(written_key const&) const = default;
};
#else
using written_key = std::tuple<int>;
#endif

void use(census::firing_table<written_key> const& table) { census::write_table("table.safetensors", table); }
