// SPDX-License-Identifier: MIT
#include <census/cuda/model.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/survey/census_model.hpp>

#include <support/catch.hpp>

TEST_CASE("a model whose products are cuBLASLt's is a census model") {
  STATIC_REQUIRE(census::census_model<census::cuda::model>);
}
