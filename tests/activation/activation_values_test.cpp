// SPDX-License-Identifier: MIT
#include <census/activation/activation_values.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

TEST_CASE("rows with padding are read by their leading dimension") {
  std::shared_ptr<float const[]> data(new float[8]{1, -1, 99, 99, -1, 1, 99, 99});
  census::activation_values const values{data, 2, 2, 4};
  CHECK((values.rows() == 2 && values.neurons() == 2));
  CHECK(std::ranges::equal(values.row(0), std::vector<float>{1, -1}));
  CHECK(std::ranges::equal(values.row(1), std::vector<float>{-1, 1}));
}

TEST_CASE("a copy of values shares them, and a handle without values is empty") {
  census::activation_values const values{std::vector<float>{1, 2, 3, 4}, 2}, copy = values;
  CHECK(copy.row(1).data() == values.row(1).data());
  CHECK_FALSE(values.empty());
  CHECK(census::activation_values().empty());
}

TEST_CASE("values that are no whole number of rows are refused, and rows longer than their leading dimension") {
  CHECK_THROWS_AS(census::activation_values(std::vector<float>{1, 2, 3}, 2), std::invalid_argument);
  CHECK_THROWS_AS(census::activation_values(std::vector<float>{1}, 0), std::invalid_argument);
  std::shared_ptr<float const[]> data(new float[4]{});
  CHECK_THROWS_AS(census::activation_values(data, 2, 2, 1), std::invalid_argument);
}
