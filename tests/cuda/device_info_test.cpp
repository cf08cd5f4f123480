// SPDX-License-Identifier: MIT
#include <census/cuda/device_info.hpp>

#include <cuda/support/device.hpp>
#include <support/catch.hpp>

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
  fake::set_devices(1);
}
#endif
