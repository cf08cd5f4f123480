// SPDX-License-Identifier: MIT
#include <census/accumulator/laws.hpp>

struct row_count {
  std::size_t rows = 0;
  void observe(census::block const& block) { rows += block.firings().rows(); }
#ifndef CENSUS_MISUSE
  void merge(row_count const& other) { rows += other.rows; }
#endif
  friend bool operator==(row_count const&, row_count const&) = default;
};

bool use(std::vector<census::block> const& blocks) { return census::broken_laws(row_count{}, blocks).empty(); }
