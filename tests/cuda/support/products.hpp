// SPDX-License-Identifier: MIT
// The products that tests of the forward pass take: cuBLASLt's on a device, plain loops on the fake one.
#pragma once

#include <cuda_runtime.h>

#ifdef CENSUS_FAKE_CUDA
#include <cuda/support/plain_products.hpp>
#else
#include <census/cuda/cublaslt_products.hpp>
#endif

namespace census_test {

#ifdef CENSUS_FAKE_CUDA
using test_products = plain_products;
#else
using test_products = census::cuda::cublaslt_products;
#endif

}  // namespace census_test
