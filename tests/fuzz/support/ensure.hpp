// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>

namespace census_fuzz {

/// Ends the program, which is how a fuzzer takes note, where what has to hold does not; `law` says what that is.
inline void ensure(bool holds, char const* law) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: this does not hold: %s\n", law);
  std::abort();
}

}  // namespace census_fuzz
