// SPDX-License-Identifier: MIT
#include <census/cuda/device_info.hpp>

#include <cuda/support/device.hpp>
#include <support/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

TEST_CASE("a device tells its name, memory and versions") {
  auto const info = census::cuda::describe_device(0);
  CHECK_FALSE(info.name.empty());
  CHECK(info.compute_capability.find('.') != std::string::npos);
  CHECK((info.free > 0 && info.free <= info.memory));
  CHECK(info.runtime.starts_with("13."));
  CHECK(census::cuda::version_text(13020) == "13.2");
}

TEST_CASE("a device that this machine has not is refused by name") {
  CHECK_THROWS_WITH(census::cuda::describe_device(9999),
                    Catch::StartsWith("device cuda:9999: this machine has cuda:0"));
  CHECK_THROWS_AS(census::cuda::describe_device(-1), census::bad_input);
}

#if defined(CENSUS_FAKE_CUDA)
TEST_CASE("a machine without a device says so in one line") {
  fake::set_devices(0);
  CHECK_THROWS_WITH(census::cuda::describe_device(0),
                    Catch::Equals("device cuda:0: this machine has no CUDA device that can be used: cudaErrorNoDevice "
                                  "(no CUDA-capable device is detected)"));
  CHECK_THROWS_WITH(census::cuda::devices_named("cuda:all"), Catch::StartsWith("device cuda:all: this machine has no"));
  fake::set_devices(1);
}

TEST_CASE("all devices of a machine can be named at once, and one that is named twice or is not there is refused") {
  census_test::several_devices const three(3);
  using numbers = std::vector<int>;
  CHECK(census::cuda::devices_named("cuda:all") == numbers{0, 1, 2});
  CHECK(census::cuda::devices_named("cuda:2,0") == numbers{2, 0});
  CHECK(census::cuda::describe_devices(numbers{2, 0})[1].number == 0);
  CHECK_THROWS_WITH(census::cuda::devices_named("cuda:1,0,1"), "device cuda:1: is named twice");
  CHECK_THROWS_WITH(census::cuda::devices_named("cuda:0,3"), "device cuda:3: this machine has cuda:0 to cuda:2");
  CHECK_THROWS_AS(census::cuda::devices_named("gpu"), census::bad_input);
  CHECK_THROWS_AS(census::cuda::describe_devices(numbers{}), std::invalid_argument);
}
#endif
