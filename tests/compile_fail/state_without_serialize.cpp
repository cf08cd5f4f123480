// SPDX-License-Identifier: MIT
#include <census/archive/store.hpp>

#include <cstddef>
#include <vector>

struct blocks_seen {
  std::size_t count = 0;
#ifndef CENSUS_MISUSE
  template <class Archive>
  void serialize(Archive& archive) {
    archive("count", count);
  }
#endif
};

census::stored_state use(std::vector<blocks_seen> const& value) { return census::store(value); }
