// SPDX-License-Identifier: MIT
#include <census/cuda/detail/forward_kernels.hpp>

#include "../support/device.hpp"
#include "../support/kernel_memory.hpp"

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace kernels = census::cuda::kernels;

namespace {

/// Rows [row, width] of which `columns` count; in the others there is what must not be read into a sum.
struct rows_to_norm {
  std::size_t rows, columns, width;
  std::vector<float> x, gain, bias;

  rows_to_norm(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), width((column_count + 15) / 16 * 16), x(rows * width, 1e30f),
        gain(width, 1e30f), bias(width, 1e30f) {
    std::mt19937 random(static_cast<std::uint32_t>(columns));
    std::normal_distribution<float> normal(0.3f, 2);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) x[i * width + j] = normal(random);
    for (std::size_t j = 0; j < columns; ++j) gain[j] = normal(random), bias[j] = normal(random);
  }

  /// As it is defined, in double.
  double expected(std::size_t row, std::size_t column, double epsilon) const {
    double mean = 0, variance = 0;
    auto const at = [&](std::size_t j) { return static_cast<double>(x[row * width + j]); };
    for (std::size_t j = 0; j < columns; ++j) mean += at(j) / static_cast<double>(columns);
    for (std::size_t j = 0; j < columns; ++j)
      variance += (at(j) - mean) * (at(j) - mean) / static_cast<double>(columns);
    return (at(column) - mean) / std::sqrt(variance + epsilon) * static_cast<double>(gain[column]) +
           static_cast<double>(bias[column]);
  }
};

}  // namespace

TEST_CASE("rows are normed on a device as the norm is defined, in place or not, padding 0") {
  for (std::size_t const columns : {1, 16, 35, 257, 768}) {
    CAPTURE(columns);
    rows_to_norm const given(2, columns);
    auto const gain = census_test::placed(given.gain), bias = census_test::placed(given.bias);
    std::vector<std::vector<float>> results;
    census_test::in_each_schedule(
        [&] {
          for (bool const in_place : {false, true}) {
            auto const x = census_test::placed(given.x);
            auto const other = census_test::placed(std::vector<float>(in_place ? 0 : given.x.size(), -1.f));
            auto const& into = in_place ? x : other;
            census::cuda::detail::launch_on_rows(2, given.width, census_test::first_device()->stream(), kernels::norm,
                                                 x.data(), gain.data(), bias.data(), 1e-5f,
                                                 static_cast<unsigned>(columns), static_cast<unsigned>(given.width),
                                                 kernels::factor_type::float32, into.data());
            results.push_back(census_test::fetched(into));
          }
        },
        1);
    for (auto const& one : results) CHECK(one == results.front());
    for (std::size_t i = 0; i < given.x.size(); ++i) {
      std::size_t const row = i / given.width, column = i % given.width;
      if (column >= columns)
        CHECK(results.front()[i] == 0);
      else
        CHECK(std::abs(static_cast<double>(results.front()[i]) - given.expected(row, column, 1e-5f)) < 2e-5);
    }
  }
}
