// SPDX-License-Identifier: MIT
#include <census/model/product.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>

namespace {

census::padded_matrix random_factors(std::size_t rows, std::size_t columns, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  census::padded_matrix made(rows, columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (float& value : made.row(i)) value = normal(random);
  return made;
}

}  // namespace

TEST_CASE("a product is that of plain loops in double precision within rounding, either way round") {
  for (auto const& [rows, depth, columns] :
       {std::array<std::size_t, 3>{1, 1, 1}, {3, 17, 5}, {40, 33, 70}, {7, 200, 16}}) {
    auto const a = random_factors(rows, depth, 1), b = random_factors(depth, columns, 2);
    census::padded_matrix transposed(columns, depth), c(rows, columns), d(rows, columns);
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t j = 0; j < columns; ++j) transposed.row(j)[k] = b.row(k)[j];
    census::product(a.view(), b.view(), c.view());
    census::product_transposed(a.view(), transposed.view(), d.view());

    double worst = 0;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < depth; ++k) sum += double{a.row(i)[k]} * b.row(k)[j];
        worst = std::max({worst, std::abs(sum - c.row(i)[j]), std::abs(sum - d.row(i)[j])});
      }
    CHECK(worst < 1e-6 * static_cast<double>(depth));
  }
}

TEST_CASE("the library of products is named with its kernel, for bytes are the same only with the same") {
  CHECK(census::blas_description().find("kernel ") != std::string::npos);
}
