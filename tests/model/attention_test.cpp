// SPDX-License-Identifier: MIT
#include <census/model/attention.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstring>
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
  std::size_t const part = census::padded(hidden);
  census::padded_matrix attended(all.rows(), hidden);
  auto const three = all.view();
  census::causal_attention(three.middle_columns(0, hidden), three.middle_columns(part, hidden),
                           three.middle_columns(2 * part, hidden), heads, scores, attended.view());
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
