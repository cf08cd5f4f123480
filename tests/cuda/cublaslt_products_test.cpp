// SPDX-License-Identifier: MIT
// Of cuBLASLt's products what products_test.cpp does not ask of all.
#include <census/cuda/cublaslt_products.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/kernel_memory.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <random>
#include <vector>

using census::cuda::cublaslt_products;
using census::cuda::precision;

namespace {

/// A tile of rows times a matrix, both of ones but the first factor of each row.
std::vector<float> product_of(precision p, float first) {
  auto const on = census_test::first_device();
  census::cuda::detail::current_device const here(on->ordinal());
  constexpr std::size_t rows = cublaslt_products::row_tile, size = 16;
  std::vector<float> a(rows * size, 1.f), b(size * size, 1.f);
  for (std::size_t i = 0; i < rows; ++i) a[i * size] = first;
  auto const there_a = census_test::placed(a), there_b = census_test::placed(b);
  auto const c = census_test::placed(std::vector<float>(rows * size));
  cublaslt_products products(on, p);
  products.multiply({rows, size, size, size, size, size}, there_a.data(), there_b.data(), c.data(), {}, on->stream());
  return census_test::fetched(c);
}

}  // namespace

TEST_CASE("exact products read all 24 bits of a factor, those of tf32 its first 11") {
  float const first = 1 + 0x1p-13f;
  for (float const sum : product_of(precision::exact, first)) REQUIRE(sum == 16 + 0x1p-13f);
  for (float const sum : product_of(precision::tf32, first)) REQUIRE(sum == 16);
}
