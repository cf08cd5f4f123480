// SPDX-License-Identifier: MIT
#pragma once

#include <cuda_runtime.h>

namespace census::cuda::detail {

/// Waits for a stream when it goes, an error or not: declared behind host memory that the stream copies from or to, it
/// lets that go no earlier.
class wait_on_exit {
 public:
  explicit wait_on_exit(cudaStream_t stream) : stream_(stream) {}
  wait_on_exit(wait_on_exit const&) = delete;
  wait_on_exit& operator=(wait_on_exit const&) = delete;
  ~wait_on_exit() { cudaStreamSynchronize(stream_); }

 private:
  cudaStream_t stream_;
};

}  // namespace census::cuda::detail
