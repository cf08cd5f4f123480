// SPDX-License-Identifier: MIT
#include <census/census.hpp>

void use(std::vector<census::block> const& blocks, std::vector<double> const& surprise) {
#ifdef CENSUS_MISUSE
  census::firings_by by_surprise{[&](census::token_at at) { return &surprise[at.token()]; }};
#else
  census::firings_by by_surprise{[&](census::token_at at) { return surprise[at.token()]; }};
#endif
  census::survey(blocks, by_surprise);
}
