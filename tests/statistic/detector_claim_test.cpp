// SPDX-License-Identifier: MIT
#include <census/statistic/detector_claim.hpp>

#include <support/binomial.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

namespace {

using verdict = census::verdict;
using halves = std::vector<census::key_in_halves>;

// The same counts in both halves.
halves alike(std::vector<census::key_in_halves::counts> const& counts) {
  halves keys;
  for (auto const& one : counts) keys.push_back({one, one});
  return keys;
}

// The claim of the first half where the second bears it out with this error.
verdict judged(halves const& keys, double error = 0.05) {
  auto const claim = census::test_on_second_half(census::claim_on_first_half(keys), keys);
  return claim.p <= error ? claim.verdict : verdict::undecided;
}

// A neuron that fires on key k with rates[k], over `occurrences` [key] in each half.
halves drawn(std::vector<double> const& rates, std::vector<std::uint32_t> const& occurrences, std::mt19937& random) {
  halves keys;
  for (std::size_t k = 0; k < rates.size(); ++k) {
    auto const draw = [&]() -> census::key_in_halves::counts {
      return {std::binomial_distribution<std::uint32_t>(occurrences[k], rates[k])(random), occurrences[k]};
    };
    auto const first = draw();
    keys.push_back({first, draw()});
  }
  return keys;
}

}  // namespace

TEST_CASE("the bounds by hand: 59 of 59 suffice to err in 5 % of cases, 58 do not, and 90 if in 1 %") {
  // 0.95^58 = 0.0510, 0.95^59 = 0.0485, 0.95^89 = 0.0104, 0.95^90 = 0.0099
  CHECK(judged(alike({{58, 58}})) == verdict::undecided);
  CHECK(judged(alike({{59, 59}})) == verdict::yes);
  CHECK(judged(alike({{59, 59}}), 0.01) == verdict::undecided);
  CHECK(judged(alike({{89, 89}}), 0.01) == verdict::undecided);
  CHECK(judged(alike({{90, 90}}), 0.01) == verdict::yes);
}

TEST_CASE("a detector of a frequent token and of a rare one is surely one by the frequent token alone") {
  auto const keys = alike({{3, 3}, {500, 500}, {0, 1000}});
  auto const claim = census::claim_on_first_half(keys);
  CHECK(claim.verdict == verdict::yes);
  CHECK(claim.keys == std::vector<std::uint32_t>{1});
  CHECK(judged(keys) == verdict::yes);
}

TEST_CASE("what fires on a few tokens at a low rate, or on many, is surely none") {
  auto const seldom = alike({{200, 400}, {300, 500}, {3, 3}});
  CHECK(judged(seldom) == verdict::no);
  CHECK_FALSE(census::claim_on_first_half(seldom).by_cover);
  auto const many = alike({{50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}});  // five hold 71 %
  CHECK(judged(many) == verdict::no);
  CHECK(census::claim_on_first_half(many).by_cover);
  CHECK(census::claim_on_first_half(many, {.cover_at_most = 7}).verdict == verdict::undecided);  // 50 of 50 are too few
}

TEST_CASE("what the second half does not bear out is possible, and the first half alone chooses") {
  halves keys = alike({{200, 200}, {0, 300}});
  keys[0].tested_on = {150, 200};
  CHECK(judged(keys) == verdict::undecided);
  keys[0].tested_on = {200, 200}, keys[1].tested_on = {40, 300};  // it holds 200 of 240 firings
  CHECK(judged(keys) == verdict::undecided);
  keys = alike({{0, 0}, {0, 300}});
  keys[0].tested_on = {500, 500};  // unseen in the first half
  CHECK(judged(keys) == verdict::undecided);
  CHECK(judged(alike({{0, 10}})) == verdict::undecided);
  CHECK(judged({}) == verdict::undecided);
}

TEST_CASE(
    "that no tokens cover a neuron is borne out only where those that hold most in the second half do not either") {
  halves keys = alike({{50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}});
  CHECK(census::claim_on_first_half(keys).by_cover);
  CHECK(judged(keys) == verdict::no);
  for (auto& key : keys) key.tested_on = {0, 50};
  keys[5].tested_on = {300, 300};  // a detector of the one token that was not among the first half's top five
  CHECK(census::test_on_second_half(census::claim_on_first_half(keys), keys) == census::tested_claim{verdict::no, 1});
  keys[5].tested_on = {0, 50};  // it does not fire there
  CHECK(census::test_on_second_half(census::claim_on_first_half(keys), keys) == census::tested_claim{verdict::no, 1});

  halves others = alike({{50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}});
  for (std::size_t k = 0; k < others.size(); ++k)
    others[k].tested_on = {40 + 10 * k, 100};  // the last five hold 400 of 490
  CHECK(census::test_on_second_half(census::claim_on_first_half(others), others).p ==
        Approx(census_test::binomial_sum(490, 0, 400, 0.95)).epsilon(1e-9));
}

TEST_CASE("a share of 1 is refuted by one miss and never borne out, and a share of 0 is always reached") {
  using claim = census::tested_claim;
  auto const tested = [](halves const& keys, census::detector_rule const& rule) {
    return census::test_on_second_half(census::claim_on_first_half(keys, rule), keys, rule);
  };
  for (census::detector_rule const& all :
       {census::detector_rule{.fires_on = {1, 1}}, census::detector_rule{.explained = {20, 20}}}) {
    CHECK(tested(alike({{5000, 5000}}), all) == claim{});
    CHECK(tested(alike({{5000, 5000}, {0, 5000}}), all).verdict == verdict::undecided);
  }
  CHECK(tested(alike({{4999, 5000}}), {.fires_on = {1, 1}}).verdict == verdict::no);
  CHECK(tested(alike({{4999, 5000}}), {.fires_on = {1, 1}}).p < 1e-9);
  halves misses_first = alike({{5000, 5000}});
  misses_first[0].chosen_on = {4999, 5000};
  CHECK(tested(misses_first, {.fires_on = {1, 1}}) == claim{verdict::no, 1});
  CHECK(tested(alike({{500, 500}, {500, 500}, {1, 900}}), {.cover_at_most = 2, .covered = {1, 1}}) ==
        claim{verdict::no, 0});
  CHECK(tested(alike({{90, 900}}), {.fires_on = {0, 1}}).verdict == verdict::yes);
}

TEST_CASE(
    "a neuron on the wrong side of a threshold is rarely sure to be on the other, however its tokens are chosen") {
  std::mt19937 random(12);
  int const rounds = 2000;
  struct planted {
    std::vector<double> rates;
    std::vector<std::uint32_t> occurrences;
    verdict wrong;
  };
  std::vector<planted> const edges{
      {{0.9499, 0.9499, 0}, {200, 2000, 5000}, verdict::yes},  // fires too little on each
      {{1, 0.0527}, {10000, 10001}, verdict::yes},             // the one token holds 94.99 %
      {{0.9501, 0.9501, 0}, {200, 2000, 5000}, verdict::no},
      {{1, 0.0525}, {10000, 10001}, verdict::no},
      {{1, 1, 1, 1, 1, 1}, {1901, 1901, 1901, 1900, 1900, 500}, verdict::no},  // five hold just over 95 %
  };
  for (planted const& edge : edges) {
    int wrong = 0;
    for (int round = 0; round < rounds; ++round)
      wrong += judged(drawn(edge.rates, edge.occurrences, random)) == edge.wrong;
    CAPTURE(edge.rates, wrong);
    CHECK(wrong <= 0.05 * rounds + 4 * std::sqrt(0.05 * 0.95 * rounds));
  }
}

TEST_CASE("a claim's p is the largest of its parts, each a sum of binomial probabilities") {
  halves keys = alike({{600, 600}, {300, 300}, {3, 1000}});
  keys[0].tested_on = {590, 600}, keys[1].tested_on = {297, 300}, keys[2].tested_on = {5, 1000};
  auto const yes = census::test_on_second_half(census::claim_on_first_half(keys), keys);
  CHECK(yes.verdict == verdict::yes);  // that both keys together hold 887 of 892, and each fires it
  double const rate = census_test::binomial_sum(600, 590, 600, 0.95),
               other_rate = census_test::binomial_sum(300, 297, 300, 0.95),
               held = census_test::binomial_sum(892, 887, 892, 0.95);
  CHECK(yes.p == Approx(std::max({rate, other_rate, held})).epsilon(1e-9));

  auto const many = alike({{50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}, {50, 50}});
  auto const no = census::test_on_second_half(census::claim_on_first_half(many), many);
  CHECK(no.verdict == verdict::no);
  CHECK(no.p == Approx(census_test::binomial_sum(350, 0, 250, 0.95)).epsilon(1e-9));

  auto const seldom =
      alike({{200, 400}, {300, 500}, {3, 3}});  // its rates, 40 and 60 %, and 3 of 503 firings left over
  CHECK(census::test_on_second_half(census::claim_on_first_half(seldom), seldom).p ==
        Approx(std::max({census_test::binomial_sum(400, 0, 200, 0.95), census_test::binomial_sum(500, 0, 300, 0.95),
                         census_test::binomial_sum(503, 0, 3, 0.95)}))
            .epsilon(1e-9));
  CHECK(census::test_on_second_half({}, keys) == census::tested_claim{verdict::undecided, 1});
}

TEST_CASE("what is clearly one side is told with certainty where there is text enough") {
  std::mt19937 random(13);
  int sure = 0, none = 0;
  for (int round = 0; round < 500; ++round) {
    sure += judged(drawn({0.995, 0.99, 0.001}, {400, 1500, 10000}, random), 1e-4) == verdict::yes;
    none += judged(drawn({0.8, 0.6, 0.001}, {400, 1500, 10000}, random), 1e-4) == verdict::no;
  }
  CHECK(sure > 490);
  CHECK(none > 490);
}
