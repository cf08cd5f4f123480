// SPDX-License-Identifier: MIT
// What a caller of census::cuda has: values in device memory of their own; and firings that lie there already.
#pragma once

#include <census/activation/block.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/uploads.hpp>
#include <census/cuda/error.hpp>
#include <census/cuda/firings.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace census_test {

/// A copy of values in a device's memory that does not come from census.
template <class T>
std::shared_ptr<T> on_device(std::vector<T> const& values) {
  void* there = nullptr;
  std::size_t const bytes = values.size() * sizeof(T);
  census::cuda::detail::check(cudaMalloc(&there, bytes), "cudaMalloc");
  std::shared_ptr<T> const owner(static_cast<T*>(there), [](T* memory) { cudaFree(memory); });
  census::cuda::detail::check(cudaMemcpy(there, values.data(), bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
  return owner;
}

/// Firings on a device, bit by bit; packing takes an emulator long.
inline census::cuda::firings sent(census::packed_firings const& here, int ordinal = 0) {
  census::cuda::detail::current_device const now(ordinal);
  std::span<std::uint64_t const> const words(here.row(0).data(), here.rows() * here.words_per_row());
  auto const uploads = census::cuda::detail::uploads::of(census::cuda::detail::device::open(ordinal));
  return {uploads->send(words), here.rows(), here.neurons()};
}

inline census::cuda::block sent(census::block const& here, int ordinal = 0) {
  return {here.layer(), here.text(), sent(here.firings(), ordinal)};
}

inline std::vector<census::cuda::block> sent(std::vector<census::block> const& here) {
  std::vector<census::cuda::block> there;
  for (census::block const& block : here) there.push_back(sent(block));
  return there;
}

inline bool same_bits(census::packed_firings const& a, census::packed_firings const& b) {
  if (a.rows() != b.rows() || a.neurons() != b.neurons()) return false;
  for (std::size_t row = 0; row < a.rows(); ++row)
    if (!std::ranges::equal(a.row(row), b.row(row))) return false;
  return true;
}

}  // namespace census_test
