// SPDX-License-Identifier: MIT
#include <census/census.hpp>

bool use(census::token_at at) {
#ifdef CENSUS_MISUSE
  return at.before(1) != at.before(0);
#else
  return !at.repeats(1);
#endif
}
