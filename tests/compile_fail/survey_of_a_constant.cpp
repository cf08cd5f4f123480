// SPDX-License-Identifier: MIT
#include <census/census.hpp>

void use(std::vector<census::block> const& blocks) {
#ifdef CENSUS_MISUSE
  census::liveness const alive;
#else
  census::liveness alive;
#endif
  census::survey(blocks, alive);
}
