// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/projection/profile_builder.hpp>

#include <support/catch.hpp>

#include <random>
#include <span>
#include <string>
#include <utility>

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

TEST_CASE("profiles tell what a neuron fires on and what its update does, read in parts or whole") {
  auto const embedding = random_embedding();
  census::profile_builder builder([](census::token_id token) { return std::to_string(token).append("."); }, 3);
  std::vector<census::token_id> const keys{40, 50, 60};
  Eigen::VectorXf const update = embedding.row(2049).transpose(), other = -embedding.row(7).transpose();
  builder.add(2, {11, 2, 30, {{2, 20, 20}, {0, 10, 11}}, true}, keys, update);
  builder.add(3, {12, 1, 5, {}, false}, keys, other);
  auto const& profiles = builder.project(tokens, [&](std::size_t first, std::size_t count) -> census::embedding_matrix {
    CHECK(first + count <= tokens);
    return embedding.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
  });
  REQUIRE(profiles.size() == 2);

  auto const& one = profiles[0];
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

  CHECK(profiles[1].ngrams.empty());
  CHECK(profiles[1].trigger_projection == 0);
  CHECK(profiles[1].promoted.size() == 3);
}

TEST_CASE("how many of a detector's n-grams support it goes by the rule that found it, of tokens and of longer ones") {
  auto const text = [](census::token_id token) { return std::to_string(token); };
  std::vector<census::token_id> const keys{40, 50, 60}, pair{40, 50};
  census::detector const found{11, 2, 30, {{2, 20, 20}, {0, 10, 11}}, true};
  auto const supported_by = [&](census::census_rules const& rules) {
    census::profile_builder builder(text, 3, rules);
    builder.add(2, found, keys, Eigen::VectorXf::Zero(hidden));
    builder.add_ngrams(
        2, found, [&](std::uint32_t) { return std::span(pair); }, Eigen::VectorXf::Zero(hidden));
    auto const& profiles = builder.project(tokens, [](std::size_t, std::size_t count) -> census::embedding_matrix {
      return census::embedding_matrix::Zero(static_cast<Eigen::Index>(count), hidden);
    });
    return std::pair(profiles.at(0).supported, profiles.at(1).supported);
  };
  CHECK(supported_by({}) == std::pair(std::size_t{0}, std::size_t{0}));
  CHECK(supported_by({.token_detector = {.fires_on = {3, 4}}}) == std::pair(std::size_t{1}, std::size_t{0}));
  CHECK(supported_by({.ngram_detector = {.fires_on = {1, 2}}}) == std::pair(std::size_t{0}, std::size_t{2}));
}

TEST_CASE("a detector's triggers are compared with their nulls, plain and centred") {
  auto const embedding = random_embedding();
  auto const text = [](census::token_id token) { return std::to_string(token); };
  census::token_successions counts;
  counts.tokens = 10 * tokens;
  counts.occurrences.assign(tokens, 10), counts.followed.assign(tokens, 10), counts.repeated.assign(tokens, 0);
  counts.repeated[60] = 3;
  census::trigger_nulls const nulls(counts, tokens, text);
  auto const rows = [&](std::size_t first, std::size_t count) -> census::embedding_matrix {
    return embedding.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
  };
  std::vector<census::token_id> const keys{40, 50, 60};
  Eigen::VectorXf const update = -embedding.row(60).transpose() - embedding.row(40).transpose();
  Eigen::VectorXf gain(hidden);
  gain << 1, 2, 3, 1, 2, 3;
  auto const centred = census::centred_update(update, gain);
  census::detector const first{11, 2, 120, {{2, 90, 90}, {0, 10, 11}}, true, 90}, second{12, 1, 5, {{1, 5, 5}}, true};

  census::profile_builder builder(text, 3);
  builder.add(2, first, keys, update, centred, {1, 0.75, census::verdict::yes});
  builder.add(2, second, keys, embedding.row(7).transpose());
  builder.add_ngrams(2, first, [&](std::uint32_t row) { return std::vector<census::token_id>{9, keys[row]}; }, {}, {});
  auto const profiles = builder.project(rows, nulls);
  REQUIRE(profiles.size() == 3);

  auto const& one = profiles[0];
  CHECK(one.triggers == std::vector<census::token_id>{40, 60});
  CHECK(one.supported == 1);
  CHECK(one.supported_share == 0.75);
  CHECK_FALSE(profiles[1].supported_share.has_value());
  CHECK(one.reliability.repeat_rate == 0.75);
  CHECK(one.succession == census::self_repetition{3, 20 * 1.0 / tokens});
  for (bool const is_centred : {false, true}) {
    Eigen::VectorXf const scores = is_centred ? census::centred_projection(embedding, update, gain)
                                              : census::vocabulary_projection(embedding, update);
    auto const& trigger = is_centred ? one.centred_trigger.value() : one.trigger;
    double below = 0;  // all tokens are as frequent
    for (Eigen::Index t = 0; t < scores.size(); ++t)
      if (t != 40 && t != 60) below += (scores[t] < scores[40]) + (scores[t] < scores[60]);
    CHECK(trigger.projection == Approx((double(scores[40]) + double(scores[60])) / 2).epsilon(1e-5));
    CHECK(trigger.null_percentile.value() == Approx(below / 2 / (tokens - 2)).margin(1e-3));
    CHECK(trigger.paired_difference.value() == Approx(trigger.projection - double(scores[50])).epsilon(1e-5));
  }
  CHECK(one.trigger_projection == one.trigger.projection);
  CHECK(one.trigger.projection < 0);
  CHECK(profiles[1].centred_trigger == std::nullopt);
  CHECK(profiles[1].trigger.paired_difference.has_value());

  // the same neuron by bigrams: the same update, the last tokens its triggers, no other detector of bigrams
  CHECK(profiles[2].ngrams[1].ids == std::vector<census::token_id>{9, 40});
  CHECK(profiles[2].ngrams[1].text == "940");
  CHECK(profiles[2].trigger.projection == one.trigger.projection);
  CHECK(profiles[2].promoted == one.promoted);
  CHECK(profiles[2].trigger.paired_difference == std::nullopt);
}

TEST_CASE("a profile's figures are the same bits whatever other neurons are profiled, and after which layer") {
  auto const embedding = random_embedding();
  auto const text = [](census::token_id token) { return std::to_string(token); };
  auto const rows = [&](std::size_t first, std::size_t count) -> census::embedding_matrix {
    return embedding.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
  };
  std::vector<census::token_id> const keys{40, 50, 60};
  auto const profiled = [&](std::uint32_t first, std::uint32_t last, bool at_once) {
    census::profile_builder builder(text, 3);
    for (std::uint32_t n = first; n < last; ++n) {
      Eigen::VectorXf const update = embedding.row(n).transpose();
      builder.add(n / 10, {n, 1, 5, {{n % 3, 5, 5}}, true}, keys, update, census::centred_update(update));
      if (!at_once) builder.project(tokens, rows);
    }
    return builder.project(tokens, rows);
  };
  auto const all = profiled(0, 2000, true), few = profiled(1500, 1503, false);  // more than one group of updates
  REQUIRE(all.size() == 2000);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(few[n].trigger.projection == all[1500 + n].trigger.projection);
    CHECK(few[n].centred_trigger->projection == all[1500 + n].centred_trigger->projection);
    CHECK(few[n].suppressed == all[1500 + n].suppressed);
  }
  CHECK(all[0].promoted != all[1999].promoted);
}

TEST_CASE("a builder that was stored between two layers goes on as it would have") {
  auto const embedding = random_embedding();
  auto const rows = [&](std::size_t first, std::size_t count) -> census::embedding_matrix {
    return embedding.middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
  };
  std::vector<census::token_id> const keys{40, 50, 60};
  Eigen::VectorXf const update = embedding.row(2049).transpose(), other = -embedding.row(7).transpose();
  census::profile_builder const fresh([](census::token_id token) { return std::to_string(token).append("."); }, 3);
  auto going = fresh, restored = fresh;
  going.add(2, {11, 2, 30, {{2, 20, 20}, {0, 10, 11}}, true}, keys, update, other);
  census::restore(census::store(going), restored);
  for (auto* builder : {&going, &restored}) {
    builder->add(3, {12, 1, 5, {{1, 5, 5}}, true}, keys, other, update);
    builder->project(tokens, rows);
  }
  auto const &expected = going.project(tokens, rows), &found = restored.project(tokens, rows);
  REQUIRE(found.size() == 2);
  auto const once = census::store(expected), again = census::store(found);
  REQUIRE(once.arrays.size() == again.arrays.size());
  for (auto const& [path, array] : once.arrays) CHECK(array.bytes() == again.arrays.at(path).bytes());
  CHECK(found[0].promoted.size() == 3);
}
