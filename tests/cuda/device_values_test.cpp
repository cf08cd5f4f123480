// SPDX-License-Identifier: MIT
#include <census/cuda/device_values.hpp>

#include <cuda/support/callers.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <vector>

using census::cuda::device_values;

TEST_CASE("rows of values lie side by side unless a leading dimension is told") {
  CHECK(device_values{.data = nullptr, .rows = 2, .neurons = 5}.stride() == 5);
  CHECK(device_values{.data = nullptr, .rows = 2, .neurons = 5, .leading_dimension = 8}.stride() == 8);
}

TEST_CASE("values that lie on no device are refused, and rows that overlap") {
  std::vector<float> const here(6, 1.f);
  CHECK_THROWS_WITH(census::cuda::detail::device_of({.data = here.data(), .rows = 2, .neurons = 3}),
                    "census::cuda::device_values: the values do not lie in a device's memory");
  auto const there = census_test::on_device(here);
  CHECK(census::cuda::detail::device_of({.data = there.get(), .rows = 2, .neurons = 3})->ordinal() == 0);
  CHECK_THROWS_WITH(
      census::cuda::detail::device_of({.data = there.get(), .rows = 2, .neurons = 3, .leading_dimension = 2}),
      "census::cuda::device_values: the leading dimension is smaller than a row");
}
