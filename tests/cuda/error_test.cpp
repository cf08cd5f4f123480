// SPDX-License-Identifier: MIT
#include <census/cuda/detail/device.hpp>
#include <census/cuda/error.hpp>

#include <support/catch.hpp>

#include <limits>
#include <string>

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using census::cuda::device_error;

TEST_CASE("an error of a device names the device, the call and the cause") {
  CHECK(std::string(device_error("cublasLtMatmul", "CUBLAS_STATUS_NOT_SUPPORTED").what()) ==
        "CUDA device 0: cublasLtMatmul failed: CUBLAS_STATUS_NOT_SUPPORTED");
  CHECK_NOTHROW(census::cuda::detail::check(cudaSuccess, "anything"));
  CHECK_THROWS_WITH(census::cuda::detail::device::open(999),
                    StartsWith("CUDA device 0: cudaSetDevice failed: cudaErrorInvalidDevice"));
  CHECK(cudaGetLastError() == cudaSuccess);  // and it is forgotten
}

TEST_CASE("where memory runs out, the message tells how much was asked for") {
  auto const device = census::cuda::detail::device::open(0);
  constexpr std::size_t too_much = std::size_t{1} << 50;
  CHECK_THROWS_WITH(device->allocate(too_much, device->stream()),
                    StartsWith("CUDA device 0: cudaMallocFromPoolAsync failed: cudaErrorMemoryAllocation (") &&
                        Contains("), 1125899906842624 bytes were asked for"));
  CHECK(cudaGetLastError() == cudaSuccess);
}
