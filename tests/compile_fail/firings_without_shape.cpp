// SPDX-License-Identifier: MIT
#include <census/tabulation/tabulate.hpp>

struct firings {
  std::size_t rows() const { return 0; }
#ifndef CENSUS_MISUSE
  std::size_t neurons() const { return 0; }
#endif
};

void tabulate(firings const& firings, census::key_rows const& rows, census::firing_counts& into) {
  into.admit(firings, rows);
}
