// SPDX-License-Identifier: MIT
// Device memory for tests that launch kernels themselves.
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/error.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <span>
#include <vector>

namespace census_test {

inline std::shared_ptr<census::cuda::detail::device const> first_device() {
  return census::cuda::detail::device::open(0);
}

/// An array of exactly these values on the first device.
template <class T>
census::cuda::detail::device_array<T> placed(std::vector<T> const& values) {
  auto const on = first_device();
  census::cuda::detail::device_array<T> there(on, values.size());
  if (values.empty()) return there;
  census::cuda::detail::check(
      cudaMemcpyAsync(there.data(), values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice, on->stream()),
      "cudaMemcpyAsync");
  census::cuda::detail::wait_for(on->stream());
  return there;
}

/// What an array on the device holds once all that was put into the device's stream has run.
template <class T>
std::vector<T> fetched(census::cuda::detail::device_array<T> const& there) {
  std::vector<T> values(there.size());
  census::cuda::detail::bring(*there.on(), there.data(), std::span<T>(values));
  return values;
}

/// Numbers of neurons at which words, rows of warps and blocks of warps end, and one more or fewer.
inline constexpr std::size_t odd_sizes[] = {1, 31, 64, 65, 1000, 1023, 1025, 2049, 4032, 4095, 4096};

}  // namespace census_test
