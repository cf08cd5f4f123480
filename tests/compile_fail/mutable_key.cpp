// SPDX-License-Identifier: MIT
#include <census/census.hpp>

void use(std::vector<census::block> const& blocks) {
  int seen = 0;
#ifdef CENSUS_MISUSE
  census::firings_by by_parity{[seen](census::token_at) mutable { return ++seen % 2; }};
#else
  census::firings_by by_parity{[seen](census::token_at at) { return at.position() % 2 + static_cast<unsigned>(seen); }};
#endif
  census::survey(blocks, by_parity);
}
