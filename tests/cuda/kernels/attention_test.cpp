// SPDX-License-Identifier: MIT
#include <census/cuda/detail/forward_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"
#include "../support/random_floats.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace kernels = census::cuda::kernels;
using census_test::random_floats;

namespace {

/// Three heads of five columns in rows of 16 floats: the last column belongs to none.
constexpr kernels::head_shape three_heads{3, 5, 16};
constexpr std::size_t width = 16;

struct softmaxed {
  std::vector<float> weights, totals;
};

softmaxed softmax_on_device(std::vector<float> const& scores, std::size_t queries, kernels::score_tile const& tile) {
  auto const there = census_test::placed(scores);
  auto const weights = census_test::placed(std::vector<float>(scores.size(), -7.f));
  auto const totals = census_test::placed(std::vector<float>(queries, -7.f));
  census::cuda::detail::launch_on_queries(queries, census_test::first_device()->stream(), kernels::causal_softmax,
                                          there.data(), tile, kernels::factor_type::float32, weights.data(),
                                          totals.data());
  return {census_test::fetched(weights), census_test::fetched(totals)};
}

}  // namespace

TEST_CASE("a query's weights are exponentials of its scores, 0 for what comes after it, and their sum is its total") {
  constexpr std::size_t queries = 12;  // of two pairs
  for (std::uint32_t const first_query : {0u, 16u, 64u}) {
    kernels::score_tile const tile{6, first_query, first_query + 6};
    std::vector<float> scores(queries * tile.keys);
    std::mt19937 random(first_query);
    std::normal_distribution<float> normal(1, 20);
    for (float& score : scores) score = normal(random);
    census_test::in_each_schedule(
        [&] {
          auto const made = softmax_on_device(scores, queries, tile);
          for (std::size_t q = 0; q < queries; ++q) {
            std::size_t const visible = first_query + q % tile.rows + 1;
            auto const* const row = &scores[q * tile.keys];
            double const largest = *std::max_element(row, row + visible);
            double total = 0;
            for (std::size_t j = 0; j < tile.keys; ++j) {
              double const expected = j < visible ? std::exp(static_cast<double>(row[j]) - largest) : 0;
              total += expected;
              CHECK(std::abs(static_cast<double>(made.weights[q * tile.keys + j]) - expected) <=
                    1e-5 * expected + 1e-37);
            }
            CHECK(std::abs(static_cast<double>(made.totals[q]) - total) <= 1e-5 * total);
          }
        },
        1);
  }
}

TEST_CASE("a score that is NaN stays in what its query and later ones attend to") {
  kernels::score_tile const tile{4, 0, 4};
  constexpr std::size_t queries = 4;
  std::vector<float> scores(16, 1.f);
  for (std::size_t q = 0; q < queries; ++q) scores[4 * q + 1] = std::numeric_limits<float>::quiet_NaN();
  auto const made = softmax_on_device(scores, queries, tile);
  CHECK(made.totals[0] == 1);
  for (std::size_t q = 1; q < queries; ++q) CHECK(std::isnan(made.totals[q]));
}

TEST_CASE("heads are split to their sequence's place, bias added, queries scaled, columns past a head's size 0") {
  // A sequence of three tokens from attention row 16 on, and one of one token before it.
  std::vector<kernels::row_place> const places{{16, 16, 0}, {16, 16, 1}, {16, 16, 2}, {0, 16, 0}};
  auto const all = random_floats(places.size() * 3 * width, 1), bias = random_floats(3 * width, 2);
  std::vector<float> expected[3];
  for (std::size_t which = 0; which < 3; ++which) {
    expected[which].assign(32 * three_heads.heads * three_heads.padded_size, -7.f);
    for (std::size_t i = 0; i < places.size(); ++i)
      for (std::size_t h = 0; h < three_heads.heads; ++h)
        for (std::size_t j = 0; j < three_heads.padded_size; ++j) {
          std::size_t const column = which * width + h * three_heads.size + j;
          float const value = j < three_heads.size ? all[i * 3 * width + column] + bias[column] : 0.f;
          std::size_t const row = places[i].sequence_start * three_heads.heads + h * 16 + places[i].position;
          expected[which][row * three_heads.padded_size + j] = which == 0 ? value * 0.25f : value;
        }
  }
  auto const all_there = census_test::placed(all), bias_there = census_test::placed(bias);
  auto const places_there = census_test::placed(places);
  std::vector<float> const untouched(expected[0].size(), -7.f);
  census_test::in_each_schedule(
      [&] {
        auto const queries = census_test::placed(untouched), keys = census_test::placed(untouched),
                   values = census_test::placed(untouched);
        census::cuda::detail::launch_on_rows(places.size(), 96, census_test::first_device()->stream(),
                                             kernels::split_heads, all_there.data(), bias_there.data(), width,
                                             three_heads, 0.25f, places_there.data(), kernels::factor_type::float32,
                                             queries.data(), keys.data(), values.data());
        CHECK(census_test::fetched(queries) == expected[0]);
        CHECK(census_test::fetched(keys) == expected[1]);
        CHECK(census_test::fetched(values) == expected[2]);
      },
      1);
}

TEST_CASE("what heads attended to is divided by its total and put to its row of the text, padding left out") {
  // Two sequences of 16 rows of attention, of which five and seven are tokens; of these the queries 4 to 7, of all
  // heads but the first two of the first sequence.
  std::vector<std::uint32_t> rows(32, kernels::no_row);
  for (std::uint32_t i = 0; i < 12; ++i) rows[i < 5 ? i : 16 + i - 5] = 100 + i;
  constexpr kernels::score_tile tile{4, 4, 8};
  constexpr std::size_t first_pair = 2, pairs = 4, queries = pairs * tile.rows;
  auto const summed = random_floats(queries * three_heads.padded_size, 3);
  std::vector<float> totals(queries), expected(12 * width, -7.f);
  for (std::size_t q = 0; q < queries; ++q) {
    totals[q] = 1 + static_cast<float>(q);
    std::size_t const pair = first_pair + q / tile.rows, head = pair % 3, token = tile.first_query + q % tile.rows;
    if (token >= (pair < 3 ? 5u : 7u)) continue;
    for (std::size_t j = 0; j < three_heads.size; ++j)
      expected[((pair < 3 ? 0 : 5) + token) * width + head * three_heads.size + j] =
          summed[q * three_heads.padded_size + j] / totals[q];
  }
  auto const summed_there = census_test::placed(summed), totals_there = census_test::placed(totals);
  auto const rows_there = census_test::placed(rows);
  auto const attended = census_test::placed(std::vector<float>(expected.size(), -7.f));
  census::cuda::detail::launch_on_queries(
      queries, census_test::first_device()->stream(), kernels::merge_heads, summed_there.data(), totals_there.data(),
      tile, first_pair, 16, rows_there.data(), 100, three_heads, width, kernels::factor_type::float32, attended.data());
  auto const made = census_test::fetched(attended);
  for (std::size_t i = 0; i < made.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(made[i] - expected[i]) <= 1e-6f * std::abs(expected[i]));
  }
}
