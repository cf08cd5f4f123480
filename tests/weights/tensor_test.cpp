// SPDX-License-Identifier: MIT
#include <census/weights/tensor.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace {

// A half's value by the definition: sign, exponent, fraction.
float by_definition(unsigned bits) {
  int const exponent = static_cast<int>(bits >> 10 & 31);
  float const fraction = static_cast<float>(bits & 1023) / 1024, sign = bits >> 15 ? -1.f : 1.f;
  if (exponent == 31) return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::nanf("");
  return sign * (exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15));
}

census::tensor view(census::dtype type, void const* data, std::size_t bytes) {
  return {"t", type, {}, {static_cast<std::byte const*>(data), bytes}, "file"};
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

TEST_CASE("a part of a tensor is read from bytes of any alignment") {
  std::vector<std::uint16_t> const halves{0x3c00, 0x4000, 0xc200, 0x0001};  // 1, 2, -3, the least subnormal
  std::vector<char> moved(9);
  std::memcpy(moved.data() + 1, halves.data(), 8);
  std::vector<float> values(3);
  to_float32(view(census::dtype::float16, moved.data() + 1, 8), 1, values);
  CHECK(values == std::vector<float>{2.f, -3.f, 0x1p-24f});
  CHECK_THROWS_AS(to_float32(view(census::dtype::float16, halves.data(), 8), 2, values), std::invalid_argument);
  CHECK_THROWS_AS(to_float32(view(census::dtype::int16, halves.data(), 8), 0, values), std::invalid_argument);
}
