// SPDX-License-Identifier: MIT
#include <census/statistic/near_zero_counts.hpp>

#include <support/catch.hpp>

TEST_CASE("a neuron could be dead where all its firings are near zero, and alive where it is silent but near it") {
  struct expected {
    census::near_zero_counts counts;
    bool dead, alive;
  };
  for (auto const& [counts, dead, alive] : {expected{{0, 0, 0}, false, false},
                                            {{3, 3, 0}, true, false},
                                            {{3, 2, 9}, false, false},
                                            {{0, 0, 1}, false, true},
                                            {{1, 1, 5}, true, false}}) {
    CHECK(counts.could_be_dead() == dead);
    CHECK(counts.could_be_alive() == alive);
  }
}
