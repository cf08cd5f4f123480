// SPDX-License-Identifier: MIT
#include <census/cuda/detail/device.hpp>
#include <census/cuda/only_user_of_devices.hpp>

#include <cuda/support/device.hpp>
#include <support/catch.hpp>

#include <cuda_runtime.h>

#include <thread>

#if defined(CENSUS_FAKE_CUDA)  // for it takes several devices

namespace {

int device_at_hand() {
  int ordinal = -1;
  census::cuda::detail::check(cudaGetDevice(&ordinal), "cudaGetDevice");
  return ordinal;
}

void use(int ordinal) {
  census::cuda::detail::current_device const now(ordinal);
  CHECK(device_at_hand() == ordinal);
}

}  // namespace

TEST_CASE("a thread has its device from before again, but where census is the only user of devices") {
  census_test::several_devices const three(3);
  std::thread([] {
    use(2);
    CHECK(device_at_hand() == 0);
    {
      census::cuda::only_user_of_devices const alone;
      use(2);
      CHECK(device_at_hand() == 2);
      census::cuda::detail::current_device const first(1);
      use(2);
      CHECK(device_at_hand() == 1);  // one within another
    }
    use(2);
    CHECK(device_at_hand() == 1);
  }).join();
}

#endif
