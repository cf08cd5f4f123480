// SPDX-License-Identifier: MIT
#include <census/projection/trigger_suppression.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <random>
#include <set>
#include <string>

namespace {

using ids = std::vector<census::token_id>;

census::token_successions occurring(std::vector<std::uint64_t> const& occurrences) {
  census::token_successions counts;
  counts.occurrences = counts.followed = occurrences;
  counts.repeated.resize(occurrences.size());
  for (auto const count : occurrences) counts.tokens += count;
  return counts;
}

std::string own_text(census::token_id token) { return std::to_string(token); }

ids matched(std::vector<std::uint64_t> const& occurrences, census::token_id trigger) {
  census::trigger_nulls const nulls(occurring(occurrences), occurrences.size(), own_text);
  auto const found = nulls.as_frequent_as(trigger);
  return {found.begin(), found.end()};
}

}  // namespace

TEST_CASE("half an octave either way, at its edges: 70 to 140 times 99 and no further") {
  // 99/√2 = 70.004, 99·√2 = 140.007; 71/√2 = 50.2
  CHECK(matched({70, 71, 99, 140, 141, 0}, 2) == ids{1, 2, 3});
  CHECK(matched({2, 1, 1, 0, 3}, 1) == ids{1, 2});
  CHECK(matched({2, 1, 1, 0, 3}, 3).empty());
  CHECK(matched({5}, 7).empty());
  std::uint64_t const large = 1ull << 62;
  CHECK(matched({large, large / 2, large / 10 * 8}, 0) == ids{2, 0});
}

TEST_CASE("a trigger's percentile is among tokens as frequent, without the detected ones and their variants") {
  //                          trigger  variant detected null null null   null(equal) rare
  std::vector<std::string> const texts{"the", " The", "of", "a", "in", "to", "is", "xylem"};
  std::vector<std::uint64_t> const occurrences{100, 100, 100, 90, 110, 120, 80, 1};
  census::trigger_nulls const nulls(occurring(occurrences), 8, [&](census::token_id token) { return texts[token]; });
  Eigen::VectorXf scores(8);
  scores << -1, -9, -3, -5, 2, 3, -1, -8;
  ids const triggers{0, 2}, layer{0, 2, 4, 7};
  auto const judged = census::judge_triggers(scores, triggers, layer, nulls);
  CHECK(judged.projection == -2);
  CHECK(judged.rank == (2 + 4) / 2.0);  // 3, 2, -1 (two of them), -3, ...: the first of the equals is the trigger
  // token 0: of a, in, to, is one is less and one equal; token 2: a is less
  CHECK(judged.null_percentile.value() == Approx((1.5 / 4 + 1.0 / 4) / 2));
  CHECK(judged.paired_difference.value() == Approx(-2 - (2 - 8) / 2.0));

  CHECK(census::judge_triggers(scores, triggers, triggers, nulls).paired_difference == std::nullopt);
  ids const rare{7};
  CHECK(census::judge_triggers(scores, rare, layer, nulls).null_percentile == std::nullopt);
  CHECK(census::judge_triggers(scores, triggers).rank == judged.rank);
  CHECK(census::judge_triggers(scores, triggers).null_percentile == std::nullopt);
  CHECK_THROWS_AS(census::judge_triggers(scores, {}, layer, nulls), std::invalid_argument);
  CHECK_THROWS_AS(census::judge_triggers(Eigen::VectorXf::Zero(7), triggers, layer, nulls), std::invalid_argument);
}

TEST_CASE("a paired difference is from the layer's distinct other triggers, and white space is one class") {
  //                                   own   its variant  other   own  a variant: all white space is
  std::vector<std::string> const texts{"the", " The", "of", "\n", "    ", "in"};
  census::trigger_nulls const nulls(occurring({9, 9, 9, 9, 9, 9}), 6,
                                    [&](census::token_id token) { return texts[token]; });
  Eigen::VectorXf scores(6);
  scores << -1, -90, 4, -3, -80, 6;
  ids const triggers{0, 3}, layer{0, 1, 2, 3, 4, 5};
  auto const judged = census::judge_triggers(scores, triggers, layer, nulls);
  CHECK(judged.paired_difference.value() == (-1 - 3) / 2.0 - (4 + 6) / 2.0);  // of, in: each once, whoever detects it
  CHECK(judged.null_percentile.value() == 0);                                 // both of them score more
}

TEST_CASE("percentiles of random scores equal a recount, and average one half") {
  std::mt19937 random(31);
  std::normal_distribution<float> normal;
  std::size_t const tokens = 600;
  std::vector<std::uint64_t> occurrences(tokens);
  std::vector<std::string> texts(tokens);
  for (std::size_t t = 0; t < tokens; ++t) {
    occurrences[t] = t % 7 == 0 ? 0 : 20000 / (t + 1);
    texts[t] = std::string(t % 2 == 0 ? "" : " ").append(std::to_string(t / 3));
  }
  census::trigger_nulls const nulls(occurring(occurrences), tokens,
                                    [&](census::token_id token) { return texts[token]; });
  double sum = 0;
  int const rounds = 400;
  int compared = 0;
  for (int round = 0; round < rounds; ++round) {
    Eigen::VectorXf scores(static_cast<Eigen::Index>(tokens));
    for (float& score : scores) score = std::round(4 * normal(random)) / 4;  // with ties
    std::set<census::token_id> chosen;
    while (chosen.size() < 1 + static_cast<std::size_t>(round) % 3) {
      auto const token = static_cast<census::token_id>(random() % tokens);
      if (occurrences[token] > 0) chosen.insert(token);
    }
    ids const triggers(chosen.begin(), chosen.end());
    auto const judged = census::judge_triggers(scores, triggers, triggers, nulls);
    double percentiles = 0, with_null = 0;
    for (census::token_id const trigger : triggers) {
      double below = 0, others = 0;
      for (std::size_t t = 0; t < tokens; ++t) {
        bool variant = false;
        for (census::token_id const one : triggers)
          variant |= texts[t].substr(texts[t][0] == ' ') == texts[one].substr(texts[one][0] == ' ');
        double const octaves = std::log2(double(occurrences[t]) / double(occurrences[trigger]));
        if (variant || occurrences[t] == 0 || std::abs(octaves) > 0.5) continue;
        ++others;
        float const own = scores[Eigen::Index(trigger)], other = scores[Eigen::Index(t)];
        below += other < own ? 1 : other == own ? 0.5 : 0;
      }
      if (others > 0) percentiles += below / others, ++with_null;
    }
    CHECK(judged.null_percentile.has_value() == (with_null > 0));  // the most frequent token has none like it
    if (with_null == 0) continue;
    ++compared;
    CHECK(judged.null_percentile.value() == Approx(percentiles / with_null).epsilon(1e-12));
    sum += *judged.null_percentile;
  }
  REQUIRE(compared > 380);
  CHECK(sum / compared == Approx(0.5).margin(4 * 0.29 / std::sqrt(compared)));
}
