// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/platform.cuh>

namespace census::cuda::kernels {

__device__ __forceinline__ float as_float(float x) { return x; }
__device__ __forceinline__ float as_float(__half x) { return __half2float(x); }
__device__ __forceinline__ float as_float(__nv_bfloat16 x) { return __bfloat162float(x); }

}  // namespace census::cuda::kernels
