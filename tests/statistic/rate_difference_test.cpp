// SPDX-License-Identifier: MIT
#include <census/statistic/rate_difference.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <bit>
#include <cmath>
#include <vector>

namespace {

using per_document = std::vector<std::vector<std::uint32_t>>;

/// p over all ways to deal the documents, in integers.
double exact_p(per_document const& counts, std::vector<std::uint32_t> const& tokens, unsigned of_a,
               std::size_t neuron) {
  auto const distance = [&](unsigned deal) {
    std::int64_t fired[2] = {0, 0}, size[2] = {0, 0};
    for (std::size_t d = 0; d < counts.size(); ++d)
      fired[deal >> d & 1] += counts[d][neuron], size[deal >> d & 1] += tokens[d];
    return std::pair(std::abs(fired[1] * size[0] - fired[0] * size[1]), size[0] * size[1]);
  };
  auto const here = distance((1u << of_a) - 1);
  double as_far = 0, deals = 0;
  for (unsigned deal = 0; deal < 1u << counts.size(); ++deal)
    if (std::popcount(deal) == static_cast<int>(of_a)) {
      auto const there = distance(deal);
      as_far += there.first * here.second >= here.first * there.second, ++deals;
    }
  return as_far / deals;
}

}  // namespace

TEST_CASE("the p of a difference by document is near that over all ways to deal the documents") {
  // neurons: no difference, one document's, every document's, never
  per_document const counts{{3, 20, 9, 0}, {4, 0, 8, 0}, {3, 0, 9, 0}, {4, 0, 8, 0},
                            {3, 0, 1, 0},  {4, 0, 2, 0}, {3, 0, 1, 0}, {4, 0, 0, 0}};
  std::vector<std::uint32_t> const tokens{24, 21, 22, 25, 20, 23, 27, 26};
  auto const part = [&](std::size_t first, std::size_t last) {
    return census_test::planted_table(
        {counts.begin() + static_cast<long>(first), counts.begin() + static_cast<long>(last)},
        {tokens.begin() + static_cast<long>(first), tokens.begin() + static_cast<long>(last)});
  };
  auto const differences = census::rate_differences(part(0, 4), part(4, 8), 4000);
  for (std::size_t n = 0; n < 4; ++n) CHECK(differences[n].p == Approx(exact_p(counts, tokens, 4, n)).margin(0.03));
  CHECK(differences[2].rate_a == 34.0 / 92);
  CHECK(differences[2].rate_b == 4.0 / 96);
  CHECK(differences[2].p < 0.05);
  CHECK(differences[1].p > 0.3);  // twenty firings of one document are no difference between corpora
  CHECK(differences[3].p == 1);
  CHECK(differences == census::rate_differences(part(0, 4), part(4, 8), 4000));
  CHECK_FALSE(differences == census::rate_differences(part(0, 4), part(4, 8), 4000, 2));
}

TEST_CASE("tables of other widths, or of nothing, are not compared") {
  auto const table = census_test::planted_table({{0, 1}}, {4});
  CHECK_THROWS_AS(census::rate_differences(table, census::firing_counts(2)), std::invalid_argument);
  CHECK_THROWS_WITH(census::rate_differences(table, census_test::planted_table({{1}}, {4})),
                    Catch::Contains("of 2 and of 1"));
}
