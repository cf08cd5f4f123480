// SPDX-License-Identifier: MIT
#include <census/statistic/text_coverage.hpp>

#include <support/catch.hpp>

#include <cmath>

TEST_CASE("a text's coverage follows from how often its n-grams occur") {
  // one n-gram 100 times, one 73 times, one 72 times, two twice, eleven once
  auto const text = census::coverage_of(std::vector<census::equal_counts>{{100, 1}, {73, 1}, {72, 1}, {2, 2}, {1, 11}});
  CHECK(text.tokens == 260);
  CHECK(text.distinct == 16);
  CHECK(text.once == 11);
  CHECK(text.decidable == 173);
  CHECK(text.unseen_mass() == Approx(11.0 / 260));
  CHECK(text.decidable_share() == Approx(173.0 / 260));
  CHECK(std::isnan(census::coverage_of({}).unseen_mass()));
}

TEST_CASE("the n-grams of a text are counted by their occurrences") {
  census::text_rows rows{{2, 5, 6, 5, 6, 5, 2, 5, 6, 6, 5, 6},
                         {{.document = 0, .length = 6, .has_bos = true},
                          {.document = 1, .first_row = 6, .length = 3, .has_bos = true},
                          {.document = 2, .first_row = 9, .length = 3}}};
  auto const text = census::share(rows);
  using counts = std::vector<census::equal_counts>;
  // 5 6 5 6 5 | 5 6 | 6 5 6: 5 five times, 6 five times; 56 four times, 65 three times; 565 twice, 656 twice
  CHECK(census::occurrence_counts({1, text}) == counts{{5, 2}});
  CHECK(census::occurrence_counts({2, text}) == counts{{4, 1}, {3, 1}});
  CHECK(census::occurrence_counts({3, text}) == counts{{2, 2}});
  CHECK(census::occurrence_counts({4, text}) == counts{{1, 2}});  // 5656 6565
  CHECK(census::occurrence_counts({5, text}) == counts{{1, 1}});
  CHECK(census::occurrence_counts({6, text}).empty());
}
