// SPDX-License-Identifier: MIT
#include <census/report/number.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <limits>
#include <string>

TEST_CASE("a number is written so that it reads back as the same number") {
  CHECK(census::number(0.1) == "0.1");
  CHECK(census::number(1.0 / 3) == "0.3333333333333333");
  CHECK(census::number(std::uint64_t{18446744073709551615u}) == "18446744073709551615");
}

TEST_CASE("a number is appended to what a text holds already") {
  std::string text = "x,";
  census::append_number(text, -2);
  census::append_number(text, std::numeric_limits<double>::denorm_min());
  CHECK(text == "x,-25e-324");
}
