// SPDX-License-Identifier: MIT
#include <census/statistic/position_segments.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <random>

namespace {

using counts_t = std::vector<std::uint32_t>;
using occurrences_t = std::vector<std::uint64_t>;
using segments_t = std::vector<census::position_segment>;

// Independent of the library: the binomial likelihood from its definition.
double cost(counts_t const& counts, occurrences_t const& occurrences, std::size_t first, std::size_t last) {
  double k = 0, n = 0, sum = 0;
  for (std::size_t p = first; p < last; ++p) k += counts[p], n += static_cast<double>(occurrences[p]);
  if (k > 0) sum -= k * std::log(k / n);
  if (k < n) sum -= (n - k) * std::log1p(-k / n);
  return sum;
}

double total(counts_t const& counts, occurrences_t const& occurrences, segments_t const& segments, double penalty) {
  double sum = 0;
  for (auto const& segment : segments) sum += cost(counts, occurrences, segment.first, segment.last) + penalty;
  return sum;
}

// The plain dynamic programme over every start, [position] -> least cost of what lies before.
double least_cost(counts_t const& counts, occurrences_t const& occurrences, double penalty) {
  std::vector<double> least{0};
  for (std::size_t end = 1; end <= counts.size(); ++end) {
    least.push_back(std::numeric_limits<double>::infinity());
    for (std::size_t start = 0; start < end; ++start)
      least[end] = std::min(least[end], least[start] + cost(counts, occurrences, start, end) + penalty);
  }
  return least.back();
}

void check_partition(counts_t const& counts, occurrences_t const& occurrences, segments_t const& segments) {
  std::uint32_t next = 0;
  for (auto const& segment : segments) {
    REQUIRE(segment.first == next);
    REQUIRE(segment.last > segment.first);
    std::uint64_t k = 0, n = 0;
    for (std::uint32_t p = segment.first; p < segment.last; ++p) k += counts[p], n += occurrences[p];
    CHECK(segment.firings == k);
    CHECK(segment.occurrences == n);
    next = segment.last;
  }
  CHECK(next == counts.size());
}

}  // namespace

TEST_CASE("segments of hand cases") {
  counts_t const step{0, 0, 0, 9, 9, 9};
  occurrences_t const nine(6, 9);
  // unsplit 54·ln 2 = 37.4 nats, split 0: a second segment pays while the penalty is below that
  CHECK(census::position_segments(step, nine, 37.3) == segments_t{{0, 3, 0, 27}, {3, 6, 27, 27}});
  CHECK(census::position_segments(step, nine, 37.5) == segments_t{{0, 6, 27, 54}});
  CHECK(census::position_segments(counts_t{4}, occurrences_t{7}, 1) == segments_t{{0, 1, 4, 7}});
  CHECK(census::position_segments({}, {}, 1).empty());
  CHECK_THROWS_AS(census::position_segments(step, occurrences_t(5, 9), 1), std::invalid_argument);
}

TEST_CASE("of segmentations that cost the same, the one whose last segment starts earliest is taken") {
  // Without penalty, cutting a constant stretch changes nothing: one segment, not six.
  CHECK(census::position_segments(counts_t(6, 2), occurrences_t(6, 5), 0).size() == 1);
  // [0 0 5] [10 10] and [0 0] [5 10 10] cost the same, less than one segment or three.
  CHECK(census::position_segments(counts_t{0, 0, 5, 10, 10}, occurrences_t(5, 10), 10) ==
        segments_t{{0, 2, 0, 20}, {2, 5, 25, 30}});
  CHECK(census::position_segments(counts_t{10, 10, 5, 0, 0}, occurrences_t(5, 10), 10).back().first == 2);
}

TEST_CASE("segments cost as little as the best of all segmentations that there are") {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    std::size_t const size = 1 + random() % 11;
    counts_t counts(size);
    occurrences_t occurrences(size);
    for (std::size_t p = 0; p < size; ++p) {
      occurrences[p] = round % 2 == 0 ? 6 : 1 + random() % 6;
      counts[p] =
          static_cast<std::uint32_t>(random() % 3 == 0 && p > 0 ? std::min<std::uint64_t>(counts[p - 1], occurrences[p])
                                                                : random() % (occurrences[p] + 1));
    }
    double const penalty = 0.3 * (round % 12);
    double best = std::numeric_limits<double>::infinity();
    for (unsigned cuts = 0; cuts < 1u << (size - 1); ++cuts) {
      double sum = 0;
      std::size_t first = 0;
      for (std::size_t p = 1; p <= size; ++p)
        if (p == size || (cuts >> (p - 1) & 1)) sum += cost(counts, occurrences, first, p) + penalty, first = p;
      best = std::min(best, sum);
    }
    auto const segments = census::position_segments(counts, occurrences, penalty);
    check_partition(counts, occurrences, segments);
    CHECK(total(counts, occurrences, segments, penalty) == Approx(best).margin(1e-9));
  }
}

TEST_CASE("segments cost as little as a dynamic programme over every start finds, on noise, steps, waves and ramps") {
  std::mt19937 random(8);
  std::uint32_t const sequences[] = {1, 20, 3000};
  for (int shape = 0; shape < 6; ++shape)
    for (std::uint32_t const s : sequences) {
      counts_t counts;
      for (int p = 0; p < 255; ++p) {
        double const rates[] = {0.3,       p < 100 ? 0.02 : 0.97, p % 16 < 5 ? 1.0 : 0.0,
                                p / 254.0, p < 250 ? 0.0 : 0.4,   0.5 + 0.4 * std::sin(p / 9.0)};
        counts.push_back(std::binomial_distribution<std::uint32_t>(s, rates[shape])(random));
      }
      occurrences_t const occurrences(255, s);
      double const penalty = 2 * std::log(256.0);
      auto const segments = census::position_segments(counts, occurrences, penalty);
      check_partition(counts, occurrences, segments);
      CHECK(total(counts, occurrences, segments, penalty) ==
            Approx(least_cost(counts, occurrences, penalty)).epsilon(1e-11).margin(1e-9));
    }
}
