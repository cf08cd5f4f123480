// SPDX-License-Identifier: MIT
#include <census/projection/vocabulary_projection.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

namespace {

using ranking = std::vector<census::scored_token>;

// Four tokens in a residual stream of three.
census::embedding_matrix const embedding{{1, 0, 0}, {0, 2, 0}, {1, 1, 1}, {-1, 0, 2}};

Eigen::VectorXf vector(std::vector<float> const& values) {
  return Eigen::Map<Eigen::VectorXf const>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

TEST_CASE("an update is projected on each token's embedding") {
  CHECK(census::vocabulary_projection(embedding, vector({3, -1, 2})) == vector({3, -2, 4, 1}));
  CHECK_THROWS_AS(census::vocabulary_projection(embedding, vector({3, -1})), std::invalid_argument);
}

TEST_CASE("a column of fc2 can be projected in place") {
  Eigen::MatrixXf const updates{{9, 3}, {9, -1}, {9, 2}};
  CHECK(census::vocabulary_projection(embedding, updates.col(1)) == vector({3, -2, 4, 1}));
}

TEST_CASE("the final norm's gain can be folded in") {
  CHECK(census::vocabulary_projection(embedding, vector({3, -1, 2}), vector({2, 1, -1})) == vector({6, -2, 3, -10}));
  CHECK_THROWS_AS(census::vocabulary_projection(embedding, vector({3, -1, 2}), vector({1})), std::invalid_argument);
}

TEST_CASE("the centred projection leaves out what softmax and the final norm do not see") {
  // the update's mean is 2, so (4, -4, 0); with the gain (4, -8, 0); its scores (4, -16, -4, -4) have the mean -5
  CHECK(census::centred_projection(embedding, vector({6, -2, 2}), vector({1, 2, 3})) == vector({9, -11, 1, 1}));
  // without a gain: scores (4, -8, 0, -4), mean -2
  CHECK(census::centred_projection(embedding, vector({6, -2, 2})) == vector({6, -6, 2, -2}));
}

TEST_CASE("both ends of the ranking are given") {
  auto const scores = vector({3, -2, 4, 1});
  CHECK(census::top_promoted(scores, 2) == ranking{{2, 4}, {0, 3}});
  CHECK(census::top_suppressed(scores, 2) == ranking{{1, -2}, {3, 1}});
  CHECK(census::top_promoted(scores, 9).size() == 4);
  CHECK(census::top_promoted(scores, 0).empty());
}

TEST_CASE("of equal scores the lower id comes first, at both ends and in the rank") {
  auto const scores = vector({1, 5, 5, -1, -1});
  CHECK(census::top_promoted(scores, 3) == ranking{{1, 5}, {2, 5}, {0, 1}});
  CHECK(census::top_suppressed(scores, 2) == ranking{{3, -1}, {4, -1}});
  std::vector<std::size_t> ranks;
  for (census::token_id token = 0; token < 5; ++token) ranks.push_back(census::rank_of(scores, token));
  CHECK(ranks == std::vector<std::size_t>{2, 0, 1, 3, 4});
}

TEST_CASE("a neuron's mean score on its own triggers tells whether it suppresses them") {
  auto const scores = vector({3, -2, 4, 1});
  std::vector<census::token_id> const triggers{3, 1}, outside{4};
  CHECK(census::mean_score(scores, triggers) == -0.5);
  CHECK_THROWS_AS(census::mean_score(scores, {}), std::invalid_argument);
  CHECK_THROWS_AS(census::mean_score(scores, outside), std::out_of_range);
  CHECK_THROWS_AS(census::rank_of(scores, 4), std::out_of_range);
}

TEST_CASE("a score that is NaN is refused") {
  CHECK_THROWS_AS(census::top_promoted(vector({1, std::nanf("")}), 1), std::domain_error);
  CHECK_THROWS_AS(census::top_suppressed(vector({1, std::nanf("")}), 1), std::domain_error);
}
