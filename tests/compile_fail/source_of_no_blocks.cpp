// SPDX-License-Identifier: MIT
#include <census/census.hpp>

#ifdef CENSUS_MISUSE
struct activations {  // no firings()
  census::shared_text of;
  std::uint32_t layer() const { return 0; }
  census::shared_text const& text() const { return of; }
};
#else
using activations = census::block;
#endif

void use(std::vector<activations> const& blocks) {
  census::liveness alive;
  census::survey(blocks, alive);
}
