// SPDX-License-Identifier: MIT
#include <census/model/detail/attention.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace {

census::padded_matrix random_matrix(std::size_t rows, std::size_t columns, float size, std::uint32_t seed) {
  std::mt19937 random(seed);
  census::padded_matrix made(rows, columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (float& value : made.row(i)) value = size * (static_cast<float>(random() >> 8) / (1 << 23) - 1);
  return made;
}

// Attention as it is defined, row by row in double.
std::vector<double> plain_attention(census::padded_matrix const& all, std::size_t hidden, std::size_t heads) {
  std::size_t const rows = all.rows(), part = census::padded(hidden), size = hidden / heads;
  std::vector<double> attended(rows * hidden, 0), weight(rows);
  for (std::size_t h = 0; h < heads; ++h)
    for (std::size_t i = 0; i < rows; ++i) {
      double total = 0;
      for (std::size_t j = 0; j <= i; ++j) {
        double score = 0;
        for (std::size_t d = h * size; d < (h + 1) * size; ++d)
          score += static_cast<double>(all.row(i)[d]) * static_cast<double>(all.row(j)[part + d]);
        total += weight[j] = std::exp(score);
      }
      for (std::size_t j = 0; j <= i; ++j)
        for (std::size_t d = h * size; d < (h + 1) * size; ++d)
          attended[i * hidden + d] += weight[j] / total * static_cast<double>(all.row(j)[2 * part + d]);
    }
  return attended;
}

census::padded_matrix attention(census::padded_matrix const& all, std::size_t hidden, std::size_t heads,
                                census::padded_matrix& scores) {
  std::size_t const part = census::padded(hidden), rows = all.rows(), size = hidden / heads;
  census::padded_matrix attended(rows, hidden), by_head(3 * heads * rows, size);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t which = 0; which < 3; ++which)
      for (std::size_t h = 0; h < heads; ++h)
        std::ranges::copy(all.row(i).subspan(which * part + h * size, size),
                          by_head.row((which * heads + h) * rows + i).begin());
  auto const part_of = [&](std::size_t which) {
    return by_head.view().middle_rows(which * heads * rows, heads * rows);
  };
  census::causal_attention(part_of(0), part_of(1), part_of(2), scores, attended.view());
  return attended;
}

}  // namespace

TEST_CASE("attention by tiles is attention row by row, at every edge of a tile") {
  for (auto const& [hidden, heads] : {std::pair<std::size_t, std::size_t>{64, 2}, {60, 3}, {12, 4}}) {
    census::padded_matrix scores;
    for (std::size_t const rows : {1, 7, 63, 64, 65, 95, 96, 97, 129, 192, 511}) {
      auto const all = random_matrix(rows, 3 * census::padded(hidden), 2, static_cast<std::uint32_t>(rows));
      auto const expected = plain_attention(all, hidden, heads);
      auto const attended = attention(all, hidden, heads, scores);
      double worst = 0;
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t d = 0; d < hidden; ++d)
          worst = std::max(worst, std::abs(static_cast<double>(attended.row(i)[d]) - expected[i * hidden + d]));
      CHECK(worst < 2e-5);  // scores reach some 100, which float rounds by 1e-5
    }
  }
}

TEST_CASE("attention holds where scores are far apart, and what lies behind a row does not count") {
  std::size_t const hidden = 32, rows = 130, part = 32;
  auto all = random_matrix(rows, 3 * part, 1, 5);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t d = 0; d < hidden; ++d) all.row(i)[d] *= 400;  // scores of some thousands
  census::padded_matrix scores;
  auto const expected = plain_attention(random_matrix(1, 96, 1, 5), hidden, 2);
  auto const before = attention(all, hidden, 2, scores);
  for (std::size_t i = 0; i < rows; ++i)
    for (float const value : before.row(i)) REQUIRE(std::abs(value) <= 1.00001f);  // an average of values within ±1
  for (std::size_t d = 0; d < hidden; ++d) CHECK(before.row(0)[d] == Approx(expected[d]));  // sees but itself
  for (std::size_t i = 100; i < rows; ++i)
    for (float& value : all.row(i)) value = 3 - value;
  auto const after = attention(all, hidden, 2, scores);
  for (std::size_t i = 0; i < 100; ++i)
    for (std::size_t d = 0; d < hidden; ++d) REQUIRE(after.row(i)[d] == Approx(before.row(i)[d]).margin(1e-5));
}

TEST_CASE("attention's bits do not depend on what its working memory was used for before") {
  std::size_t const hidden = 64, heads = 4;
  auto const all = random_matrix(129, 3 * hidden, 2, 7);
  census::padded_matrix fresh, used;
  attention(random_matrix(511, 3 * hidden, 3, 8), hidden, heads, used);
  auto const first = attention(all, hidden, heads, fresh), second = attention(all, hidden, heads, used);
  for (std::size_t i = 0; i < 129; ++i)
    REQUIRE(std::memcmp(first.row(i).data(), second.row(i).data(), hidden * sizeof(float)) == 0);
}

TEST_CASE("the exponentials of scores are those of double within two units in the last place, their sum too") {
  std::vector<float> differences{0, -1e-30f, -1e-8f, -0.3465735f, -0.3465736f, -1, -85.9f, -86};
  for (int i = 1; i < 20'000; ++i) differences.push_back(-86.f * static_cast<float>(i) / 20'000);
  float const largest = GENERATE(0.f, 3.25f, -1000.f);
  std::size_t const count = census::padded(differences.size());
  auto const scores = census::aligned_floats(count);
  std::fill_n(scores.get(), count, -std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < differences.size(); ++i) scores[i] = largest + differences[i];
  std::vector<float> const given(scores.get(), scores.get() + count);
  float const sum = census::detail::exponentials(scores.get(), count, largest);
  double expected_sum = 0;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    double const expected = std::exp(std::max(-86., double{given[i] - largest}));
    REQUIRE(std::abs(scores[i] - expected) <= 2.4e-7 * expected);
    expected_sum += expected;
  }
  for (std::size_t i = differences.size(); i < count; ++i) REQUIRE((scores[i] > 0 && scores[i] < 5e-38f));
  CHECK(sum == Approx(expected_sum).epsilon(1e-5));
}

TEST_CASE("a score that is NaN or infinite makes its row's sum NaN") {
  for (float const odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    for (std::size_t const at : {0, 5, 31}) {
      auto const scores = census::aligned_floats(32);
      scores[at] = odd;
      float const largest = census::detail::largest_of(scores.get(), 32);
      CHECK(std::isnan(census::detail::exponentials(scores.get(), 32, largest)));
    }
}

TEST_CASE("the largest score is found wherever it stands") {
  for (std::size_t count = 1; count < 70; ++count)
    for (std::size_t at = 0; at < count; ++at) {
      std::vector<float> scores(count, -3);
      scores[at] = -2;
      REQUIRE(census::detail::largest_of(scores.data(), count) == -2);
    }
}
