// SPDX-License-Identifier: MIT
// Where there is no device, a run of these tests ends at its start and says so; ctest reports what it wanted to run as
// skipped.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using listener_base = Catch::EventListenerBase;
#else
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
using listener_base = Catch::TestEventListenerBase;
#endif

#include <cuda_runtime.h>

#include <cstdlib>
#include <iostream>

namespace {

class skip_without_device : public listener_base {
 public:
  using listener_base::listener_base;

  void testRunStarting(Catch::TestRunInfo const&) override {
    int devices = 0;
    cudaError_t const error = cudaGetDeviceCount(&devices);
    if (error == cudaSuccess && devices > 0) return;
    std::cout << "there is no CUDA device to test on (" << cudaGetErrorString(error) << ")" << std::endl;
    std::_Exit(EXIT_FAILURE);
  }
};

CATCH_REGISTER_LISTENER(skip_without_device)

}  // namespace
