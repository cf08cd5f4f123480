// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/statistic/layer_projections.hpp>

#include <support/catch.hpp>

#include <map>
#include <string>

namespace {

census::layer_projections two_neurons() {
  return {2, {{5, 9, 9, 1}, {3, 2, 1.5f, 0}}, {{1, 2, 5, 2}, {-3, -2, -1, -0.5f}}};
}

}  // namespace

TEST_CASE("projections name each token that they tell once") {
  auto projections = two_neurons();
  CHECK(projections.neurons() == 2);
  std::map<census::token_id, int> asked;
  projections.name_tokens([&](census::token_id token) {
    ++asked[token];
    return "<" + std::to_string(token) + ">";
  });
  CHECK(asked == std::map<census::token_id, int>{{1, 1}, {2, 1}, {5, 1}, {9, 1}});
  CHECK(projections.token_texts.at(9) == "<9>");
}

TEST_CASE("projections that are restored are those that were stored, and fit together") {
  auto projections = two_neurons();
  projections.token_texts = {{1, "\xff"}, {9, ""}};
  census::layer_projections restored;
  census::restore(census::store(projections), restored);
  CHECK(restored == projections);

  projections.suppressed.scores.pop_back();
  CHECK_FALSE(projections.fits_together());
  CHECK_THROWS_WITH(census::restore(census::store(projections), restored),
                    Catch::Contains("not of as many tokens each"));
  CHECK(census::layer_projections().fits_together());
  CHECK(census::layer_projections().neurons() == 0);
}
