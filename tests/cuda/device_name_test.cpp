// SPDX-License-Identifier: MIT
#include <census/cuda/device_name.hpp>

#include <support/catch.hpp>

TEST_CASE("a device is named cuda, or cuda and its number, and what reads otherwise is refused") {
  CHECK(census::cuda::device_number("cuda") == 0);
  CHECK(census::cuda::device_number("cuda:0") == 0);
  CHECK(census::cuda::device_number("cuda:12") == 12);
  CHECK(census::cuda::device_number(census::cuda::device_name(7)) == 7);
  for (auto const* name : {"", "cpu", "cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cuda1", "gpu", "cuda:99999999999"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH(census::cuda::device_number(name),
                      Catch::Contains("should read cpu, or cuda or cuda:N for a CUDA device"));
  }
}
