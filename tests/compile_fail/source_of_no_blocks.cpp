// SPDX-License-Identifier: MIT
#include <census/census.hpp>

#ifdef CENSUS_MISUSE
struct activations {  // no firings()
  std::uint32_t layer() const { return 0; }
  census::shared_text text() const { return {}; }
};
#else
using activations = census::block;
#endif

void use(std::vector<activations> const& blocks) {
  census::liveness alive;
  census::survey(blocks, alive);
}
