// SPDX-License-Identifier: MIT
#include <census/report/array.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <xtensor/xview.hpp>

TEST_CASE("a table becomes an array that broadcasts: rates are counts over occurrences") {
  auto const table = census_test::planted_table({{1, 0, 4}, {3, 5, 0}}, {4, 5});
  xt::xtensor<double, 2> const rates =
      census::counts_array(table) / xt::view(census::occurrences_array(table), xt::all(), xt::newaxis());
  CHECK(rates == xt::xtensor<double, 2>{{0.25, 0, 1}, {0.6, 1, 0}});
}
