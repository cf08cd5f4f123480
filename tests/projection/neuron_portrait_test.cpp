// SPDX-License-Identifier: MIT
#include <census/projection/neuron_portrait.hpp>

#include <support/catch.hpp>

#include <random>

namespace {

constexpr std::size_t tokens = 2500, hidden = 6;  // more tokens than are read at once

census::embedding_matrix random_embedding() {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  census::embedding_matrix all(tokens, hidden);
  for (Eigen::Index i = 0; i < all.size(); ++i) all.data()[i] = normal(random);
  return all;
}

}  // namespace

TEST_CASE("portraits tell what a neuron fires on and what its update does, read in parts or whole") {
  auto const embedding = random_embedding();
  census::portrait_gallery gallery([](census::token_id token) { return std::to_string(token).append("."); }, 3);
  std::vector<census::token_id> const keys{40, 50, 60};
  Eigen::VectorXf const update = embedding.row(2049).transpose(), other = -embedding.row(7).transpose();
  gallery.add(2, {11, 2, 30, {{2, 20, 20}, {0, 10, 11}}, true}, keys, update);
  gallery.add(3, {12, 1, 5, {}, false}, keys, other);
  auto const& portraits =
      gallery.project(tokens, [&](std::size_t first, std::size_t count) -> census::embedding_matrix {
        CHECK(first + count <= tokens);
        return embedding.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
      });
  REQUIRE(portraits.size() == 2);

  auto const& one = portraits[0];
  CHECK(one.layer == 2);
  CHECK(one.neuron == 11);
  CHECK(one.is_detector);
  REQUIRE(one.ngrams.size() == 2);
  CHECK(one.ngrams[0].ids == std::vector<census::token_id>{60});
  CHECK(one.ngrams[0].text == "60.");
  CHECK(one.ngrams[1].occurrences == 11);

  // recomputed with plain loops
  std::vector<std::pair<double, census::token_id>> scores;
  for (std::size_t t = 0; t < tokens; ++t) {
    double sum = 0;
    for (std::size_t i = 0; i < hidden; ++i)
      sum += double(embedding(Eigen::Index(t), Eigen::Index(i))) * double(update[Eigen::Index(i)]);
    scores.emplace_back(sum, t);
  }
  CHECK(one.trigger_projection == Approx((scores[60].first + scores[40].first) / 2).epsilon(1e-5));
  std::ranges::sort(scores);
  CHECK(one.promoted.size() == 3);
  CHECK(one.promoted[0].id == scores[tokens - 1].second);
  CHECK(one.promoted[2].id == scores[tokens - 3].second);
  CHECK(one.suppressed[0].id == scores[0].second);
  CHECK(one.suppressed[0].score == Approx(scores[0].first).epsilon(1e-5));

  CHECK(portraits[1].ngrams.empty());
  CHECK(portraits[1].trigger_projection == 0);
  CHECK(portraits[1].promoted.size() == 3);
}

TEST_CASE("the most telling portraits come from as many layers as there are, detectors first") {
  auto const portrait = [](std::uint32_t layer, std::uint32_t neuron, bool detector, std::uint64_t firings,
                           std::uint32_t cover) {
    census::neuron_portrait made;
    made.layer = layer, made.neuron = neuron, made.is_detector = detector, made.firings = firings, made.cover = cover;
    return made;
  };
  auto const chosen =
      census::most_telling({portrait(0, 1, false, 99, 1), portrait(0, 2, true, 60, 3), portrait(1, 3, false, 70, 9),
                            portrait(1, 4, false, 80, 9), portrait(0, 5, true, 61, 3)},
                           3);
  REQUIRE(chosen.size() == 3);
  CHECK(chosen[0].neuron == 5);
  CHECK(chosen[1].neuron == 4);
  CHECK(chosen[2].neuron == 2);
  CHECK(census::most_telling({}, 3).empty());
}
