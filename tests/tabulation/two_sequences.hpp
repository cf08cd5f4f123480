// SPDX-License-Identifier: MIT
// A text to try keys on: BOS a b c | x y, the second without BOS, not full, of another domain and document.
#pragma once

#include <census/tabulation/token_at.hpp>

#include <cstdint>

namespace census_test {

inline census::text_rows two_sequences() {
  return {{2, 10, 11, 12, 20, 21},
          {{.document = 7, .first_row = 0, .length = 4, .domain = 1, .full = true, .has_bos = true},
           {.document = 8, .piece = 1, .first_row = 4, .length = 2, .domain = 3}}};
}

inline census::token_at place(census::text_rows const& rows, std::uint32_t row) {
  return census::token_at(rows, rows.sequences[row < 4 ? 0 : 1], row);
}

}  // namespace census_test
