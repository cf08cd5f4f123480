// SPDX-License-Identifier: MIT
#include <census/model/matrix.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <new>
#include <utility>

TEST_CASE("a matrix that was moved from is empty and can be used again") {
  census::padded_matrix from(3, 5);
  from.row(2)[4] = 7;
  auto const to = std::move(from);
  CHECK(to.row(2)[4] == 7);
  CHECK((from.rows() == 0 && from.columns() == 0 && from.data() == nullptr));
  from.resize(1, 2);
  REQUIRE(from.data() != nullptr);
  CHECK(from.row(0)[1] == 0);
}

TEST_CASE("a matrix that shrinks keeps its memory") {
  census::padded_matrix matrix(4, 100);
  float const* const before = matrix.data();
  matrix.resize(2, 33);
  CHECK(matrix.data() == before);
  CHECK((matrix.rows() == 2 && matrix.columns() == 33));
}
