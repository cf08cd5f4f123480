// SPDX-License-Identifier: MIT
#include <census/accumulator/laws.hpp>

struct blocks_seen {
  std::size_t count = 0;
  void observe(census::block const&) { ++count; }
  void merge(blocks_seen const& other) { count += other.count; }
#ifndef CENSUS_MISUSE
  friend bool operator==(blocks_seen const&, blocks_seen const&) = default;
#endif
};

bool use(std::vector<census::block> const& blocks) { return census::broken_laws(blocks_seen{}, blocks).empty(); }
