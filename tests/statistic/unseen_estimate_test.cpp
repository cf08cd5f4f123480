// SPDX-License-Identifier: MIT
#include <census/statistic/unseen_estimate.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <random>

namespace {

constexpr std::uint64_t never = census::first_firing_record::never;

/// Neurons that fire in each document with a chance of their own.
class chances {
 public:
  explicit chances(std::vector<double> of) : of_(std::move(of)) {}

  census::first_firing_record read(std::uint64_t documents, std::mt19937& random) const {
    census::first_firing_record record{{}, std::vector(of_.size(), std::array<std::uint64_t, 3>{never, never, never})};
    std::uniform_real_distribution<double> unit;
    for (std::uint64_t document = 0; document < documents; ++document) {
      record.documents.push_back({document, 10});
      for (std::size_t n = 0; n < of_.size(); ++n)
        if (std::size_t const times = census::documents_fired_in(record.first_documents[n]);
            unit(random) < of_[n] && times < 3)
          record.first_documents[n][times] = document;
    }
    return record;
  }

  /// How many of a record's dead neurons another document would wake on average, and how many would wake ever.
  double next(census::first_firing_record const& record) const {
    return sum(record, [](double p) { return p; });
  }
  double ever(census::first_firing_record const& record) const {
    return sum(record, [](double p) { return p > 0 ? 1.0 : 0.0; });
  }

 private:
  template <class Weight>
  double sum(census::first_firing_record const& record, Weight weight) const {
    double total = 0;
    for (std::size_t n = 0; n < of_.size(); ++n)
      if (record.first_documents[n][0] == never) total += weight(of_[n]);
    return total;
  }
  std::vector<double> of_;
};

}  // namespace

TEST_CASE("the estimate by hand: 4 neurons woken by one of 10 documents, 2 by two") {
  census::first_firing_record record;
  for (std::uint64_t d = 0; d < 10; ++d) record.documents.push_back({d * d, 100});
  for (int n = 0; n < 9; ++n) record.first_documents.push_back({never, never, never});
  for (int n = 0; n < 4; ++n) record.first_documents.push_back({9, never, never});
  record.first_documents.push_back({0, 4, never});
  record.first_documents.push_back({1, 81, never});
  record.first_documents.push_back({0, 1, 4});
  auto const found = census::estimate_unseen(record);
  CHECK(found.documents == 10);
  CHECK(found.dead == 9);
  CHECK(found.once == 4);
  CHECK(found.twice == 2);
  CHECK(found.next_document == Approx(0.4));
  CHECK(found.still_to_wake == Approx(0.9 * 16 / 4));
  // t = Q1/Q2 = 2: 2 · (0.9/2 · 4 + 0.81 · 8 + 0.81/4 · 16)
  CHECK(found.still_to_wake_error == Approx(std::sqrt(2 * (1.8 + 6.48 + 3.24))));

  record.first_documents.erase(record.first_documents.begin() + 13, record.first_documents.begin() + 15);
  CHECK(census::estimate_unseen(record).still_to_wake == Approx(0.9 * 4 * 3 / 2));
  // Q2 = 0, five neurons seen: 5.4 + 0.81 · 4 · 7²/4 − 0.81 · 4⁴ / (4 · (5 + 5.4))
  CHECK(census::estimate_unseen(record).still_to_wake_error == Approx(std::sqrt(5.4 + 39.69 - 51.84 / 10.4)));
  record.first_documents.erase(record.first_documents.begin(), record.first_documents.begin() + 7);
  CHECK(census::estimate_unseen(record).still_to_wake == 2);  // no more than are dead
  CHECK(census::estimate_unseen({}).next_document == 0);
}

TEST_CASE("one document alone says nothing about what would still wake") {
  census::first_firing_record const record{{{3, 50}}, {{3, never, never}, {3, never, never}, {never, never, never}}};
  CHECK(census::estimate_unseen(record).still_to_wake == 0);
  CHECK(census::estimate_unseen(record).next_document == 2);
}

TEST_CASE("where no neuron was woken by one document alone, nothing is left to wake, and that is no negative zero") {
  census::first_firing_record const record{{{3, 50}, {4, 50}}, {{3, 4, never}, {never, never, never}}};
  CHECK(census::estimate_unseen(record).still_to_wake == 0);
  census::first_firing_record const other{{{3, 50}, {4, 50}}, {{never, never, never}}};
  CHECK_FALSE(std::signbit(census::estimate_unseen(other).still_to_wake));
}

TEST_CASE("another document wakes on average as many neurons as is estimated, and the bound is a bound") {
  std::mt19937 random(21);
  for (bool const alike : {true, false}) {
    std::vector<double> of(400, 0.0);  // 100 of them dead for ever
    for (std::size_t n = 100; n < of.size(); ++n) of[n] = alike ? 0.02 : std::pow(10, -4 * double(n - 100) / 300);
    chances const neurons(of);
    double estimated_next = 0, next = 0, bound = 0, ever = 0;
    int const rounds = 200;
    for (int round = 0; round < rounds; ++round) {
      auto const record = neurons.read(60, random);
      auto const found = census::estimate_unseen(record);
      estimated_next += found.next_document / rounds, next += neurons.next(record) / rounds;
      bound += found.still_to_wake / rounds, ever += neurons.ever(record) / rounds;
    }
    CAPTURE(alike, estimated_next, next, bound, ever);
    // a sum of some hundred independent neurons a round: 4 standard deviations of the mean
    CHECK(estimated_next == Approx(next * (alike ? 1 / 0.98 : 1)).epsilon(0.04));
    CHECK(bound < ever * 1.04);
    CHECK(bound > ever * (alike ? 0.93 : 0.2));  // all alike: no bound could be higher
  }
}

TEST_CASE("the standard error is how far the estimate lies from what is left to wake, where neurons are alike") {
  std::mt19937 random(23);
  chances const neurons(std::vector<double>(600, 0.03));
  int const rounds = 400;
  double squares = 0, variances = 0;
  for (int round = 0; round < rounds; ++round) {
    auto const record = neurons.read(60, random);
    auto const found = census::estimate_unseen(record);
    double const once = double(found.once), unclipped = 59.0 / 60 * once * once / (2 * double(found.twice));
    squares += std::pow(unclipped - neurons.ever(record), 2) / rounds;
    variances += std::pow(found.still_to_wake_error, 2) / rounds;
  }
  // 400 squares of a normal variable: 7 % is one standard deviation of their mean
  CHECK(std::sqrt(variances / squares) == Approx(1).epsilon(0.12));
}

TEST_CASE("the curve is the share of neurons that did not fire in the first documents, recounted") {
  std::mt19937 random(22);
  chances const neurons({0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 0, 0.03});
  auto record = neurons.read(150, random);
  for (auto& document : record.documents) document.tokens = 1 + random() % 50;
  auto const curve = census::dead_share_curve(record);
  REQUIRE(curve.size() > 20);
  REQUIRE(curve.size() < 40);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    std::uint64_t tokens = 0;
    int dead = 0;
    for (std::uint64_t d = 0; d < curve[i].documents; ++d) tokens += record.documents[d].tokens;
    for (auto const& places : record.first_documents) dead += places[0] >= curve[i].documents;
    CHECK(curve[i].tokens == tokens);
    CHECK(curve[i].dead_share == dead / 10.0);
    if (i < 8) CHECK(curve[i].documents == i + 1);
  }
  CHECK(curve.back().documents == 150);
  CHECK(census::dead_share_curve({}).empty());
}
