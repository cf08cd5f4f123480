// SPDX-License-Identifier: MIT
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace census::cuda {

/// What a device was asked to do failed. The message is one line that names the call, the device that was current, the
/// runtime's own name and words for the error, and, where memory was asked for, how many bytes. Counts, firings and
/// accumulators are as they were before the call that threw.
class device_error : public std::runtime_error {
 public:
  device_error(std::string_view call, std::string_view cause) : std::runtime_error(message(call, cause)) {}

 private:
  static std::string message(std::string_view call, std::string_view cause) {
    int device = 0;
    bool const known = cudaGetDevice(&device) == cudaSuccess;
    std::string text = known ? "CUDA device " + std::to_string(device) : std::string("CUDA");
    return text.append(": ").append(call).append(" failed: ").append(cause);
  }
};

namespace detail {

/// The runtime's name and words for an error: "cudaErrorMemoryAllocation (out of memory)".
inline std::string describe(cudaError_t error) {
  return std::string(cudaGetErrorName(error)).append(" (").append(cudaGetErrorString(error)).append(")");
}

/// Throws device_error where a call of the runtime did not succeed. The runtime then forgets the error, so that nobody
/// who asks it for the last one takes it for theirs.
inline void check(cudaError_t error, std::string_view call) {
  if (error == cudaSuccess) return;
  cudaGetLastError();
  throw device_error(call, describe(error));
}

/// For destructors, where nobody can be told: lets the runtime forget an error.
inline void ignore(cudaError_t error) noexcept {
  if (error != cudaSuccess) cudaGetLastError();
}

/// The same as check() for a call that asks for so many bytes of memory.
inline void check_memory(cudaError_t error, std::string_view call, std::size_t bytes) {
  if (error == cudaSuccess) return;
  cudaGetLastError();
  throw device_error(call, describe(error) + ", " + std::to_string(bytes) + " bytes were asked for");
}

}  // namespace detail

}  // namespace census::cuda
