// SPDX-License-Identifier: MIT
#pragma once

// The language that kernels are written in. Tests without a device find other headers by these names.
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

namespace census::cuda::kernels {

/// All lanes of a warp, as the mask of an operation in which they all take part.
inline constexpr unsigned whole_warp = 0xffffffffu;

}  // namespace census::cuda::kernels
