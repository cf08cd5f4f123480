// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/error.hpp>

#include <cuda_runtime.h>

#include <type_traits>

namespace census::cuda::detail {

/// Puts a kernel into a stream. Throws device_error where the runtime refuses it; what fails while it runs, the next
/// wait for the stream tells.
template <class... Parameters>
void launch(void (*kernel)(Parameters...), dim3 grid, dim3 block, cudaStream_t stream,
            std::type_identity_t<Parameters>... arguments) {
  cudaLaunchConfig_t how{};
  how.gridDim = grid;
  how.blockDim = block;
  how.stream = stream;
  check(cudaLaunchKernelEx(&how, kernel, arguments...), "cudaLaunchKernelEx");
}

}  // namespace census::cuda::detail
