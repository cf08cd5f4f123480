// SPDX-License-Identifier: MIT
// What a caller of census::cuda has: values in device memory of their own; and blocks packed from those.
#pragma once

#include <census/activation/block.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/pack.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <memory>
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

/// Firings of any shape, on the device: 1 where a neuron fires, else -1.
inline census::cuda::firings sent(census::packed_firings const& here, cudaStream_t stream = nullptr) {
  std::vector<float> values;
  for (std::size_t row = 0; row < here.rows(); ++row)
    for (std::size_t n = 0; n < here.neurons(); ++n) values.push_back(here.fires(row, n) ? 1.f : -1.f);
  auto const there = on_device(values);
  return census::cuda::pack({.data = there.get(), .rows = here.rows(), .neurons = here.neurons()}, stream);
}

inline census::cuda::block sent(census::block const& here, cudaStream_t stream = nullptr) {
  return {here.layer(), here.text(), sent(here.firings(), stream)};
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
