// SPDX-License-Identifier: MIT
#include <census/accumulator/per_layer.hpp>

#include <cstdint>
#include <vector>

#ifdef CENSUS_MISUSE
using tokens_seen = std::uint64_t;
#else
using tokens_seen = std::vector<std::uint64_t>;
#endif

void use(census::per_layer<tokens_seen>& seen, census::per_layer<tokens_seen> const& other) {
  seen.merge(other, [](tokens_seen& mine, tokens_seen const& theirs) { mine = theirs; });
}
