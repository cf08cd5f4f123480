// SPDX-License-Identifier: MIT
#include <census/census.hpp>

#ifdef CENSUS_MISUSE
using observed = std::vector<float>;
#else
using observed = census::block;
#endif

struct looks {
  void observe(observed const&) {}
};

void use(std::vector<census::block> const& blocks) {
  looks at_blocks;
  census::liveness alive;
  census::survey(blocks, alive, at_blocks);
}
