// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/forward_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cstddef>

namespace census::cuda::kernels {

/// A type that factors are stored as, for kernels that are templates over it.
template <class T>
struct factor;

template <>
struct factor<float> {
  static __device__ __forceinline__ float from(float x) { return x; }
};

/// Rounded to the nearest, ties to even; what is beyond the largest is infinite.
template <>
struct factor<__half> {
  static __device__ __forceinline__ __half from(float x) { return __float2half_rn(x); }
};

template <>
struct factor<__nv_bfloat16> {
  static __device__ __forceinline__ __nv_bfloat16 from(float x) { return __float2bfloat16_rn(x); }
};

/// at = value as a factor.
template <class T>
__device__ __forceinline__ void store(T& at, float value) {
  at = factor<T>::from(value);
}

/// Runs `body(T*)` for factors at `memory`, T the type that they are stored as; all threads take the same way.
template <class Body>
__device__ __forceinline__ void as_factors(factor_type type, void* memory, Body const& body) {
  if (type == factor_type::float32)
    body(static_cast<float*>(memory));
  else if (type == factor_type::float16)
    body(static_cast<__half*>(memory));
  else
    body(static_cast<__nv_bfloat16*>(memory));
}

}  // namespace census::cuda::kernels
