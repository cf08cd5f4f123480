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

TEST_CASE(
    "heads are parted into rows of their own, padded with zeros, and merged where they were, padding left alone") {
  constexpr std::uint32_t width = 12;
  kernels::head_shape const heads{3, 3, 4};
  std::vector<float> all(2 * 3 * width), parted[3];
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i);
  for (auto& part : parted) part.assign(2 * 3 * 4, 0.f);
  for (std::size_t which = 0; which < 3; ++which)  // row 0 is the sequence's token 1, row 1 its token 0
    for (std::size_t row = 0; row < 2; ++row)
      for (std::size_t h = 0; h < 3; ++h)
        for (std::size_t j = 0; j < 3; ++j)
          parted[which][(h * 2 + 1 - row) * 4 + j] =
              (all[row * 3 * width + which * width + h * 3 + j] + 0.5f) * (which == 0 ? 2.f : 1.f);

  auto const there = census_test::placed(all);
  auto const bias = census_test::placed(std::vector<float>(3 * width, 0.5f));
  auto const places = census_test::placed(std::vector<kernels::row_place>{{0, 2, 1}, {0, 2, 0}});
  census::cuda::detail::device_array<float> parts[3];
  for (auto& part : parts) part = census_test::placed(std::vector<float>(parted[0].size(), -7.f));
  census::cuda::detail::launch_on_rows(2, 3 * kernels::warp_threads, census_test::first_device()->stream(),
                                       kernels::split_heads, there.data(), bias.data(), width, heads, 2.f,
                                       places.data(), kernels::factor_type::float32, parts[0].data(), parts[1].data(),
                                       parts[2].data());
  for (std::size_t which = 0; which < 3; ++which) CHECK(census_test::fetched(parts[which]) == parted[which]);

  // Tokens 1 to 3 of a sequence of four rows, which are the text's rows 7 and 9 and padding; heads 0 to 2.
  std::vector<float> summed(9 * 4), merged(3 * width, -7.f);
  for (std::size_t i = 0; i < summed.size(); ++i) summed[i] = static_cast<float>(2 * i);
  for (std::size_t h = 0; h < 3; ++h)
    for (std::size_t j = 0; j < 3; ++j) {
      merged[h * 3 + j] = summed[h * 3 * 4 + j] / 2;
      merged[2 * width + h * 3 + j] = summed[(h * 3 + 2) * 4 + j] / 2;
    }
  auto const sums = census_test::placed(summed);
  auto const totals = census_test::placed(std::vector<float>(9, 2.f));
  auto const rows = census_test::placed(std::vector<std::uint32_t>{6, 7, kernels::no_row, 9});
  auto const attended = census_test::placed(std::vector<float>(3 * width, -7.f));
  census::cuda::detail::launch_on_queries(9, census_test::first_device()->stream(), kernels::merge_heads, sums.data(),
                                          totals.data(), kernels::score_tile{9, 3, 1, 4}, 0u, 4u, rows.data(), 7u,
                                          heads, width, kernels::factor_type::float32, attended.data());
  CHECK(census_test::fetched(attended) == merged);
}
