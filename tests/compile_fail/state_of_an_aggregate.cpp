// SPDX-License-Identifier: MIT
#include <census/accumulator/per_layer.hpp>

#include <cstddef>
#include <cstdint>

struct layer_totals {
#ifndef CENSUS_MISUSE
  explicit layer_totals(std::size_t) {}
#endif
  std::uint64_t firings = 0, tokens = 0;
};

void use(census::per_layer<layer_totals>& totals) {
  totals.update(0, 70, [](layer_totals& of) { of.tokens += 3; });
}
