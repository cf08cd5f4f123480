// SPDX-License-Identifier: MIT
#include <census/census.hpp>

void use(std::vector<census::block> const& blocks) {
#ifdef CENSUS_MISUSE
  census::survey(blocks);
#else
  census::liveness alive;
  census::survey(blocks, alive);
#endif
}
