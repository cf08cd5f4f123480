// SPDX-License-Identifier: MIT
#include <census/census.hpp>

#include "row_count.hpp"

void use(std::vector<census::block> const& blocks) {
  census::together both{census::liveness{}, row_count{}};
  census::survey(blocks, both);
}
