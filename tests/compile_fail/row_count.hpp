// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>

/// An accumulator, but with CENSUS_MISUSE only an observer.
struct row_count {
  std::size_t rows = 0;
  void observe(census::block const& block) { rows += block.firings().rows(); }
#ifndef CENSUS_MISUSE
  void merge(row_count const& other) { rows += other.rows; }
#endif
  friend bool operator==(row_count const&, row_count const&) = default;
};
