// SPDX-License-Identifier: MIT
#include <census/accumulator/laws.hpp>

#include "row_count.hpp"

bool use(std::vector<census::block> const& blocks) { return census::broken_laws(row_count{}, blocks).empty(); }
