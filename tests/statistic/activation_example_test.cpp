// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/error.hpp>
#include <census/statistic/activation_example.hpp>

#include <support/catch.hpp>

TEST_CASE("an example tells where in its window the firing is, and comes back as it was stored") {
  census::activation_example const example{2.5f, {7, 1, 12}, 10, {5, 6, 7, 8}, {0, 0.5f, 2.5f, 0}};
  CHECK(example.values[example.at()] == example.value);
  census::activation_example restored;
  census::restore(census::store(example), restored);
  CHECK(restored == example);
}

TEST_CASE("what is restored as an example lies in its window, which has a value a token") {
  census::activation_example const sound{1, {0, 0, 3}, 2, {5, 6}, {0, 1}};
  auto before = sound, behind = sound, uneven = sound;
  before.first = 4, behind.place.position = 4, uneven.values.push_back(0);
  for (auto const& broken : {before, behind, uneven}) {
    census::activation_example restored;
    CHECK_THROWS_AS(census::restore(census::store(broken), restored), census::bad_input);
  }
}
