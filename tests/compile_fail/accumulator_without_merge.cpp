// SPDX-License-Identifier: MIT
#include <census/census.hpp>

struct row_count {
  std::size_t rows = 0;
  void observe(census::block const& block) { rows += block.firings().rows(); }
#ifndef CENSUS_MISUSE
  void merge(row_count const& other) { rows += other.rows; }
#endif
};

void use(std::vector<census::block> const& blocks) {
  census::together both{census::liveness{}, row_count{}};
  census::survey(blocks, both);
}
