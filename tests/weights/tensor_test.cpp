// SPDX-License-Identifier: MIT
#include <census/weights/tensor.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace {

census::tensor view(census::dtype type, void const* data, std::size_t bytes) {
  return {"t", type, {}, {static_cast<std::byte const*>(data), bytes}, "file"};
}

}  // namespace

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
