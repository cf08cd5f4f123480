// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/neuron_profile.hpp>

namespace census_test {

/// A detector of two tokens, the second of which is no UTF-8.
inline census::neuron_profile shown_profile() {
  return {3,
          17,
          true,
          200,
          2,
          {{{7}, " the", 190, 200}, {{9}, "\xff\n", 10, 10}},
          {{4, "a\"b", 1.5f}},
          {{5, "\xc3\xa9", -2.f}},
          -0.25};
}

}  // namespace census_test
