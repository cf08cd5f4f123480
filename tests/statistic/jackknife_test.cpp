// SPDX-License-Identifier: MIT
#include <census/statistic/jackknife.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

namespace {

/// The estimate of a figure of the mean of some numbers, in groups of these sizes.
template <class Figure>
census::jackknife_estimate jackknife_of(std::vector<double> const& numbers, std::vector<std::uint64_t> const& sizes,
                                        Figure figure) {
  double all = 0;
  for (double const one : numbers) all += one;
  auto const count = static_cast<double>(numbers.size());
  std::vector<double> without;
  std::size_t first = 0;
  for (std::uint64_t const size : sizes) {
    double rest = all;
    for (std::uint64_t i = 0; i < size; ++i) rest -= numbers[first++];
    without.push_back(figure(rest / (count - static_cast<double>(size))));
  }
  return census::jackknife(figure(all / count), without, sizes);
}

}  // namespace

TEST_CASE("the jackknife of a mean is the mean with its textbook standard error") {
  std::vector<double> const numbers{3, 1, 4, 1, 5, 9, 2, 6};
  double mean = 0, variance = 0;
  for (double const one : numbers) mean += one / 8;
  for (double const one : numbers) variance += (one - mean) * (one - mean) / 7;
  auto const estimate = jackknife_of(numbers, std::vector<std::uint64_t>(8, 1), [](double x) { return x; });
  CHECK(estimate.value == Approx(mean));
  CHECK(estimate.standard_error == Approx(std::sqrt(variance / 8)));
  // Groups of two: the standard error from the four means of pairs.
  double pairs = 0;
  for (std::size_t i = 0; i < 8; i += 2) pairs += std::pow((numbers[i] + numbers[i + 1]) / 2 - mean, 2) / 3;
  auto const grouped = jackknife_of(numbers, std::vector<std::uint64_t>(4, 2), [](double x) { return x; });
  CHECK(grouped.value == Approx(mean));
  CHECK(grouped.standard_error == Approx(std::sqrt(pairs / 4)));
}

TEST_CASE("the jackknife of a squared mean has no bias left, also by groups of different sizes") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(0.5, 1);
  std::vector<std::uint64_t> const sizes{1, 2, 3, 4, 2, 1, 5, 2};
  double plain = 0, estimated = 0, variance = 0, squares = 0, errors = 0;
  int const rounds = 20000;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> numbers;
    double mean = 0;
    for (int i = 0; i < 20; ++i) numbers.push_back(normal(random)), mean += numbers.back() / 20;
    auto const estimate = jackknife_of(numbers, sizes, [](double x) { return x * x; });
    plain += mean * mean / rounds, estimated += estimate.value / rounds;
    squares += estimate.value * estimate.value / rounds;
    errors += estimate.standard_error * estimate.standard_error / rounds;
  }
  variance = squares - estimated * estimated;
  CHECK(plain == Approx(0.25 + 1.0 / 20).margin(0.006));  // its bias is the variance of the mean
  CHECK(estimated == Approx(0.25).margin(0.006));         // five standard errors of the simulation
  CHECK(errors / variance == Approx(1).margin(0.1));
}

TEST_CASE("groups of one size count in full, a large one among small ones for little") {
  std::vector<std::uint64_t> const alike(12, 5), uneven{97, 1, 1, 1};
  CHECK(census::effective_groups(alike) == Approx(12));
  CHECK(census::effective_groups(uneven) == Approx(10000.0 / (97 * 97 + 3)));
  CHECK(census::effective_groups({}) == 0);
}

TEST_CASE("Student's t and its p-values are those of the tables") {
  CHECK(census::student_t(2) == Approx(12.7062).epsilon(1e-4));
  CHECK(census::student_t(10) == Approx(2.26216).epsilon(1e-4));
  CHECK(census::student_t(30) == Approx(2.04523).epsilon(1e-4));
  CHECK(census::student_t(30, 0.99) == Approx(2.75639).epsilon(1e-4));
  CHECK(census::student_p({2.26216, 1}, 10, 0) == Approx(0.05).epsilon(1e-4));
  CHECK(census::student_p({-2.26216 + 5, 1}, 10, 5) == Approx(0.05).epsilon(1e-4));
  CHECK(census::student_p({0.3, 0}, 10, 0.05) == 0);
  CHECK(census::student_p({0.05, 0}, 10, 0.05) == 1);
}

TEST_CASE("one group, an empty group, and groups without sizes have no jackknife") {
  std::vector<double> const one{1}, two{1, 2};
  std::vector<std::uint64_t> const size_of_one{4}, with_empty{4, 0};
  CHECK_THROWS_AS(census::jackknife(1, one, size_of_one), std::invalid_argument);
  CHECK_THROWS_AS(census::jackknife(1, two, size_of_one), std::invalid_argument);
  CHECK_THROWS_AS(census::jackknife(1, two, with_empty), std::invalid_argument);
}
