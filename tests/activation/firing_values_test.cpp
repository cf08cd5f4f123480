// SPDX-License-Identifier: MIT
#include <census/activation/firing_values.hpp>

#include <support/catch.hpp>

#include <memory>

TEST_CASE("the values of firings are shared by copies, and each row begins at its place") {
  CHECK(census::firing_values().empty());
  std::shared_ptr<float[]> const floats(new float[6]{1, 2, 0, 3, 0, 0});
  census::firing_values const values(floats, 2, 2, 3), copy = values;
  CHECK((values.rows() == 2 && values.neurons() == 2 && !values.empty()));
  CHECK((values.row(0)[1] == 2 && values.row(1)[0] == 3));
  CHECK(copy.row(1) == values.row(1));
}

TEST_CASE("values of firings whose rows are too short for all neurons are refused") {
  CHECK_THROWS_WITH(census::firing_values(nullptr, 2, 5, 4),
                    "census::firing_values: the leading dimension, 4, is smaller than a row of 5 neurons");
}
