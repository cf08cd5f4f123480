// SPDX-License-Identifier: MIT
#include <census/stored_float.hpp>

#include <support/catch.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace {

// A half's value by the definition: sign, exponent, fraction.
float by_definition(unsigned bits) {
  int const exponent = static_cast<int>(bits >> 10 & 31);
  float const fraction = static_cast<float>(bits & 1023) / 1024, sign = bits >> 15 ? -1.f : 1.f;
  if (exponent == 31) return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::nanf("");
  return sign * (exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15));
}

}  // namespace

TEST_CASE("every float16 becomes the float32 of the same value") {
  bool equal = true;
  for (unsigned bits = 0; bits < 65536; ++bits) {
    float const expected = by_definition(bits), got = census::from_float16(static_cast<std::uint16_t>(bits));
    equal &= std::isnan(expected) ? std::isnan(got)
                                  : std::bit_cast<std::uint32_t>(expected) == std::bit_cast<std::uint32_t>(got);
  }
  CHECK(equal);
}

TEST_CASE("a bfloat16 is the upper half of a float32") {
  CHECK(census::from_bfloat16(0x3f80) == 1.f);
  CHECK(census::from_bfloat16(0xc040) == -3.f);
  CHECK(std::isnan(census::from_bfloat16(0x7fc0)));
}
