// SPDX-License-Identifier: MIT
#include <census/cuda/precision.hpp>

#include <support/catch.hpp>

#include <cstddef>

using census::cuda::precision;

TEST_CASE("a precision has a name, and is found by it alone") {
  for (auto const& [name, value] : census::cuda::precision_names) {
    CHECK(census::cuda::precision_of(name) == value);
    CHECK(census::cuda::name_of(value) == name);
  }
  CHECK(census::cuda::name_of(precision::bfloat16) == "bfloat16");
  for (auto const* other : {"", "float32", "Exact", "exact ", "bf16"})
    CHECK_FALSE(census::cuda::precision_of(other).has_value());
}

TEST_CASE("factors take four bytes or two") {
  CHECK((factor_bytes(precision::exact) == 4 && factor_bytes(precision::tf32) == 4));
  CHECK((factor_bytes(precision::half) == 2 && factor_bytes(precision::bfloat16) == 2));
}
