// SPDX-License-Identifier: MIT
#include <census/cuda/detail/forward_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace kernels = census::cuda::kernels;

namespace {

struct softmaxed {
  std::vector<float> weights, totals;
};

softmaxed softmax_on_device(std::vector<float> const& scores, kernels::score_tile const& tile) {
  auto const there = census_test::placed(scores);
  auto const weights = census_test::placed(std::vector<float>(scores.size(), -7.f));
  auto const totals = census_test::placed(std::vector<float>(tile.queries, -7.f));
  census::cuda::detail::launch_on_queries(tile.queries, census_test::first_device()->stream(), kernels::causal_softmax,
                                          there.data(), tile, kernels::factor_type::float32, weights.data(),
                                          totals.data());
  return {census_test::fetched(weights), census_test::fetched(totals)};
}

}  // namespace

TEST_CASE("a query's weights are exponentials of its scores, 0 for what comes after it, and their sum is its total") {
  if (!census_test::has_device()) return;
  for (std::uint32_t const first_query : {0u, 16u, 64u}) {
    kernels::score_tile const tile{6, 3, first_query, first_query + 3};  // two pairs of three queries
    std::vector<float> scores(tile.queries * tile.keys);
    std::mt19937 random(first_query);
    std::normal_distribution<float> normal(1, 20);
    for (float& score : scores) score = normal(random);
    census_test::in_each_schedule(
        [&] {
          auto const made = softmax_on_device(scores, tile);
          for (std::size_t q = 0; q < tile.queries; ++q) {
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
  if (!census_test::has_device()) return;
  kernels::score_tile const tile{3, 3, 0, 3};
  std::vector<float> scores(9, 1.f);
  for (std::size_t q = 0; q < 3; ++q) scores[3 * q + 1] = std::numeric_limits<float>::quiet_NaN();
  auto const made = softmax_on_device(scores, tile);
  CHECK(made.totals[0] == 1);
  CHECK((std::isnan(made.totals[1]) && std::isnan(made.totals[2])));
}
