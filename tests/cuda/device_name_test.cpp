// SPDX-License-Identifier: MIT
#include <census/cuda/device_name.hpp>

#include <support/catch.hpp>

#include <vector>

TEST_CASE("devices are named cuda, or cuda and their numbers, and what reads otherwise is refused") {
  using numbers = std::vector<int>;
  CHECK(census::cuda::device_numbers("cuda") == numbers{0});
  CHECK(census::cuda::device_numbers("cuda:0") == numbers{0});
  CHECK(census::cuda::device_numbers("cuda:12") == numbers{12});
  CHECK(census::cuda::device_numbers(census::cuda::device_name(7)) == numbers{7});
  CHECK(census::cuda::device_numbers("cuda:2,0,11") == numbers{2, 0, 11});
  for (auto const* name : {"", "cpu", "cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cuda1", "gpu", "cuda:99999999999",
                           "cuda:0,", "cuda:,0", "cuda:0,,1", "cuda:0;1", "cuda:0,cuda:1", "cuda:0, 1", "cuda,1"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH(census::cuda::device_numbers(name),
                      Catch::Contains("should read cpu, or cuda, cuda:N, cuda:N,M,... or cuda:all for CUDA devices"));
  }
}
