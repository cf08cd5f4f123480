// SPDX-License-Identifier: MIT
#include <census/activation/firing_values.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <memory>

TEST_CASE("the values of firings are shared by copies, and each row begins at its place") {
  CHECK(census::firing_values().empty());
  std::shared_ptr<float[]> const floats(new float[3]{1, 2, 3});
  std::shared_ptr<std::size_t[]> const first(new std::size_t[2]{0, 2});
  census::firing_values const values(floats, first, 2, 2), copy = values;
  CHECK((values.rows() == 2 && values.neurons() == 2 && !values.empty()));
  CHECK((values.row(0)[1] == 2 && values.row(1)[0] == 3));
  CHECK(copy.row(1) == values.row(1));
}
