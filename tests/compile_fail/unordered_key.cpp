// SPDX-License-Identifier: MIT
#include <census/census.hpp>

struct place {
  std::uint32_t position;
#ifndef CENSUS_MISUSE
  auto operator<=>(place const&) const = default;
#endif
};

void use(std::vector<census::block> const& blocks) {
  census::firings_by by_place{[](census::token_at at) { return place{at.position()}; }};
  census::survey(blocks, by_place);
}
