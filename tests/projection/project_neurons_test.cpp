// SPDX-License-Identifier: MIT
#include <census/projection/project_neurons.hpp>

#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

// More tokens, neurons and hidden values than one product takes, and no multiples of it.
constexpr Eigen::Index vocabulary = 2500, neurons_projected = 2300, hidden_values = 37;

census::embedding_matrix random_rows(Eigen::Index rows, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  census::embedding_matrix all(rows, hidden_values);
  for (Eigen::Index i = 0; i < all.size(); ++i) all.data()[i] = normal(random);
  return all;
}

auto rows_of(census::embedding_matrix const& embedding) {
  return [&](std::size_t first, std::size_t count) -> census::embedding_matrix {
    return embedding.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
  };
}

auto updates_of(census::embedding_matrix const& updates) {
  return
      [&](std::size_t neuron) -> Eigen::VectorXf { return updates.row(static_cast<Eigen::Index>(neuron)).transpose(); };
}

census::layer_projections projected(census::embedding_matrix const& embedding, census::embedding_matrix const& updates,
                                    std::size_t ranked) {
  return census::project_neurons(static_cast<std::size_t>(updates.rows()), static_cast<std::size_t>(embedding.rows()),
                                 ranked, updates_of(updates), rows_of(embedding));
}

}  // namespace

TEST_CASE("each neuron has the tokens of its highest and lowest scores, as plain loops in double precision find them") {
  auto const embedding = random_rows(vocabulary, 1), updates = random_rows(neurons_projected, 2);
  constexpr std::size_t ranked = 5;
  auto const all = projected(embedding, updates, ranked);
  REQUIRE(all.neurons() == static_cast<std::size_t>(neurons_projected));
  REQUIRE(all.fits_together());
  Eigen::MatrixXd const wide = embedding.cast<double>();
  for (Eigen::Index neuron : {0, 1, 127, 128, 2047, 2048, 2299}) {
    CAPTURE(neuron);
    std::vector<std::pair<double, census::token_id>> scores;
    for (Eigen::Index token = 0; token < vocabulary; ++token) {
      double sum = 0;
      for (Eigen::Index i = 0; i < hidden_values; ++i) sum += wide(token, i) * static_cast<double>(updates(neuron, i));
      scores.emplace_back(sum, static_cast<census::token_id>(token));
    }
    std::ranges::sort(scores);
    for (std::size_t rank = 0; rank < ranked; ++rank) {
      std::size_t const at = static_cast<std::size_t>(neuron) * ranked + rank;
      CHECK(all.suppressed.ids[at] == scores[rank].second);
      CHECK(all.suppressed.scores[at] == Approx(scores[rank].first).epsilon(1e-5));
      CHECK(all.promoted.ids[at] == scores[scores.size() - 1 - rank].second);
      CHECK(all.promoted.scores[at] == Approx(scores[scores.size() - 1 - rank].first).epsilon(1e-5));
    }
  }
}

TEST_CASE("what neurons promote is the same to the bit on any number of threads, and of any neurons before others") {
  auto const embedding = random_rows(vocabulary, 3), updates = random_rows(neurons_projected, 4);
  auto const all = projected(embedding, updates, 3);
  for (std::size_t const threads : {1, 2, 5}) {
    tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
    CHECK(projected(embedding, updates, 3) == all);
  }
  census::embedding_matrix const some = updates.topRows(1280);  // whole products
  auto const fewer = projected(embedding, some, 3);
  CHECK(std::ranges::equal(fewer.promoted.scores, std::span(all.promoted.scores).first(fewer.promoted.scores.size())));
  CHECK(std::ranges::equal(fewer.suppressed.ids, std::span(all.suppressed.ids).first(fewer.suppressed.ids.size())));
}

TEST_CASE("of equal scores the lower ids are told, and of a small vocabulary all tokens, as top_promoted tells them") {
  census::embedding_matrix embedding = census::embedding_matrix::Zero(300, 2);
  embedding(7, 0) = embedding(200, 0) = 1;
  embedding(9, 0) = -2;
  census::embedding_matrix const updates{{1, 0}, {0, 0}};
  auto const few = projected(embedding, updates, 4);
  CHECK(few.promoted.ids == std::vector<census::token_id>{7, 200, 0, 1, 0, 1, 2, 3});
  CHECK(few.suppressed.ids == std::vector<census::token_id>{9, 0, 1, 2, 0, 1, 2, 3});
  CHECK(few.promoted.scores == std::vector<float>{1, 1, 0, 0, 0, 0, 0, 0});

  auto const all = projected(embedding, updates, 1000);
  CHECK(all.ranked == 300);
  auto const scores = census::vocabulary_projection(embedding, updates.row(0).transpose());
  auto const promoted = census::top_promoted(scores, 1000), suppressed = census::top_suppressed(scores, 1000);
  for (std::size_t rank = 0; rank < 300; ++rank) {
    CHECK(all.promoted.ids[rank] == promoted[rank].token);
    CHECK(all.suppressed.ids[rank] == suppressed[rank].token);
  }
}

TEST_CASE("nothing is told of no neurons, no tokens or no ranks, and what is no number or does not fit is refused") {
  census::embedding_matrix const embedding = random_rows(10, 5);
  census::embedding_matrix updates = random_rows(3, 6);
  CHECK(projected(embedding, updates.topRows(0), 3).neurons() == 0);
  CHECK(projected(embedding.topRows(0), updates, 3).neurons() == 0);
  CHECK(projected(embedding, updates, 0).neurons() == 0);
  CHECK_THROWS_AS(projected(embedding.leftCols(5), updates, 3), std::invalid_argument);
  auto const of_two_sizes = [&](std::size_t neuron) -> Eigen::VectorXf {
    return Eigen::VectorXf::Ones(static_cast<Eigen::Index>(hidden_values + static_cast<Eigen::Index>(neuron)));
  };
  CHECK_THROWS_AS(census::project_neurons(2, 10, 3, of_two_sizes, rows_of(embedding)), std::invalid_argument);
  updates(1, 2) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(projected(embedding, updates, 3), std::domain_error);
  updates(1, 2) = std::numeric_limits<float>::infinity();
  auto const infinite = projected(embedding, updates, 3);
  CHECK(std::isinf(infinite.promoted.scores[3]));
}

TEST_CASE("the memory of projecting neurons grows with the hidden size and the threads") {
  CHECK(census::project_neurons_bytes(8, 768, 1) < (std::uint64_t{32} << 20));
  CHECK(census::project_neurons_bytes(8, 768, 1) < census::project_neurons_bytes(8, 1024, 1));
  CHECK(census::project_neurons_bytes(8, 768, 1) < census::project_neurons_bytes(8, 768, 2));
}
