// SPDX-License-Identifier: MIT
// The law of products, for those that the tests of the forward pass take: cuBLASLt's on a device, else plain loops.
#include <census/cuda/products.hpp>

#include <census/cuda/detail/factors.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/kernel_memory.hpp>
#include <cuda/support/products.hpp>
#include <cuda/support/random_floats.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

using census::cuda::precision;
using census::cuda::product_batch;
using census::cuda::product_shape;
using census_test::random_floats;

namespace {

struct not_a_product_engine {
  static constexpr std::size_t row_tile = 16, attention_tile = 16, workspace_bytes = 0;
  census::cuda::precision precision() const { return census::cuda::precision::exact; }
};
static_assert(census::cuda::product_engine<census_test::test_products>);
static_assert(!census::cuda::product_engine<not_a_product_engine>);

/// Values as a precision's factors, on the device.
census::cuda::detail::device_array<std::byte> factors_there(std::vector<float> const& values, precision p) {
  std::vector<std::byte> factors(values.size() * factor_bytes(p));
  census::cuda::detail::write_factors(values, p, values.size(), factors.data());
  return census_test::placed(factors);
}

/// c [batch, row, column], without gaps, of a [batch, row, depth] and b.
std::vector<float> product_there(precision p, product_shape const& shape, std::vector<float> const& a,
                                 std::vector<float> const& b, std::size_t count = 1) {
  auto const on = census_test::first_device();
  census::cuda::detail::current_device const here(on->ordinal());
  census_test::test_products products(on, p);
  auto const factors_a = factors_there(a, p), factors_b = factors_there(b, p);
  auto const c = census_test::placed(std::vector<float>(count * shape.rows * shape.columns, -7.f));
  products.multiply(shape, factors_a.data(), factors_b.data(), c.data(),
                    {count, shape.rows * shape.depth, shape.columns * shape.depth, shape.rows * shape.columns},
                    on->stream());
  return census_test::fetched(c);
}

product_shape without_gaps(std::size_t rows, std::size_t columns, std::size_t depth, bool transposed, bool many) {
  return {rows, columns, depth, depth, transposed ? depth : columns, columns, transposed, many};
}

}  // namespace

TEST_CASE("a product is the sum over the depth, in each precision, transposed or not, one or many") {
  constexpr std::size_t rows = census_test::test_products::attention_tile, columns = 48, depth = 32, count = 3;
  auto const a = random_floats(count * rows * depth, 1), b = random_floats(count * columns * depth, 2);
  for (auto const& [p, bound] : {std::pair{precision::exact, 1e-5},
                                 {precision::tf32, 2e-2},
                                 {precision::half, 2e-2},
                                 {precision::bfloat16, 1e-1}})
    for (bool const transposed : {false, true}) {
      auto const c = product_there(p, without_gaps(rows, columns, depth, transposed, true), a, b, count);
      double farthest = 0;
      for (std::size_t i = 0; i < c.size(); ++i) {
        std::size_t const m = i / (rows * columns), row = i / columns % rows, column = i % columns;
        double sum = 0;
        for (std::size_t k = 0; k < depth; ++k)
          sum += static_cast<double>(a[(m * rows + row) * depth + k]) *
                 static_cast<double>(b[m * columns * depth + (transposed ? column * depth + k : k * columns + column)]);
        farthest = std::max(farthest, std::abs(static_cast<double>(c[i]) - sum));
      }
      CHECK(farthest < bound);
    }
}

TEST_CASE("a row of a product is the same bytes wherever it lies, whatever lies beside it and however many products "
          "there are") {
  constexpr std::size_t rows = census_test::test_products::attention_tile, columns = 64, depth = 96;
  auto const b = random_floats(columns * depth, 2), row = random_floats(depth, 3);
  for (precision const p : {precision::exact, precision::tf32, precision::half, precision::bfloat16})
    for (bool const many : {false, true}) {
      std::vector<float> first;
      for (std::size_t const at : {std::size_t{0}, std::size_t{7}, rows - 1})
        for (std::size_t const count : {1, many ? 5 : 1}) {
          auto a = random_floats(count * rows * depth, static_cast<std::uint32_t>(at));
          if (at == 7) std::ranges::fill(a, std::numeric_limits<float>::quiet_NaN());
          std::vector<float> all_b;
          for (std::size_t m = 0; m < count; ++m) all_b.insert(all_b.end(), b.begin(), b.end());
          std::ranges::copy(row, a.begin() + static_cast<std::ptrdiff_t>(((count - 1) * rows + at) * depth));
          auto const c = product_there(p, without_gaps(rows, columns, depth, false, many), a, all_b, count);
          auto const made = std::span(c).subspan(((count - 1) * rows + at) * columns, columns);
          if (first.empty()) first.assign(made.begin(), made.end());
          CHECK(std::memcmp(made.data(), first.data(), made.size_bytes()) == 0);
        }
    }
}
