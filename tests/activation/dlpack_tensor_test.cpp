// SPDX-License-Identifier: MIT
#include <census/activation/dlpack_tensor.hpp>

#include "lender.hpp"

#include <support/catch.hpp>

#include <cstddef>
#include <vector>

using namespace census_test;

static_assert(census::dlpack_tensor<managed_tensor>);
static_assert(census::dlpack_tensor<versioned_tensor>);
static_assert(!census::dlpack_tensor<std::vector<float>>);

TEST_CASE("a tensor's dimensions but the last count as rows, wherever they lie at even distances") {
  struct expected {
    std::size_t rows, neurons, leading_dimension;
  };
  auto const check = [](lender<> from, expected const& right) {
    float data = 0;
    auto const read = census::read_dlpack(*from.lend(&data));
    CHECK((read.rows == right.rows && read.neurons == right.neurons &&
           read.leading_dimension == right.leading_dimension));
    CHECK(read.data == &data);
    CHECK(from.given_back == 0);
  };
  check({{2, 3, 4}}, {6, 4, 4});
  check({{2, 3, 4}, {30, 10, 1}}, {6, 4, 10});  // padded rows
  check({{1, 3, 4}, {999, 5, 1}}, {3, 4, 5});   // a dimension of 1 may have any stride
  check({{2, 1, 4}, {7, 999, 1}}, {2, 4, 7});
  check({{0, 3, 4}}, {0, 4, 4});
  check({{1, 1, 1}, {9, 9, 9}}, {1, 1, 1});
}
