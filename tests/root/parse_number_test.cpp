// SPDX-License-Identifier: MIT
#include <census/parse_number.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstdint>
#include <optional>

TEST_CASE("a text that is all digits is a whole number, as far as its type holds it") {
  CHECK(census::parse_number<std::uint64_t>("18446744073709551615") == UINT64_MAX);
  CHECK(census::parse_number<std::uint64_t>("007") == 7u);
  CHECK(census::parse_number<std::uint64_t>("ff", 16) == 255u);
  CHECK(census::parse_number<int>("-3") == -3);
  for (auto const* none : {"", " 7", "7 ", "+7", "-7", "7.0", "0x7", "18446744073709551616"})
    CHECK(census::parse_number<std::uint64_t>(none) == std::nullopt);
  CHECK(census::parse_number<std::uint8_t>("255") == std::uint8_t{255});
  CHECK(census::parse_number<std::uint8_t>("256") == std::nullopt);
}

TEST_CASE("a text that is all a decimal is a real number, infinity among them") {
  CHECK(census::parse_number<double>("-0.25") == -0.25);
  CHECK(census::parse_number<double>("1e-3") == 0.001);
  CHECK(std::isinf(census::parse_number<double>("inf").value()));
  for (auto const* none : {"", "1,5", "1.5x", "=1", "1e999"}) CHECK(census::parse_number<double>(none) == std::nullopt);
}
