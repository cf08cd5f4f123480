// SPDX-License-Identifier: MIT
#include <census/weights/refuse_tensor.hpp>

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

TEST_CASE("a tensor that is refused is named with its file, in one line") {
  census::tensor const odd{"a\nb", census::dtype::float32, {}, {}, "x.safetensors"};
  CHECK(census_test::complaint_about("x.safetensors", [&] { census::refuse_tensor(odd, "is odd"); }) ==
        "tensor \"a\\nb\" is odd");
}
