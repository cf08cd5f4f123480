// SPDX-License-Identifier: MIT
#include <census/activation/text_place.hpp>
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <vector>

TEST_CASE("places are in order of document, then of piece, then of position, and come back as they were stored") {
  std::vector<census::text_place> const places{{1, 0, 9}, {1, 2, 3}, {1, 2, 4}, {2, 0, 0}};
  CHECK(std::is_sorted(places.begin(), places.end()));
  for (auto const& place : places) {
    census::text_place restored;
    census::restore(census::store(place), restored);
    CHECK(restored == place);
  }
}
