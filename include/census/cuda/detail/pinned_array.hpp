// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/error.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace census::cuda::detail {

/// An array in host memory that devices read and write on their own (page-locked), so that copies run beside the host;
/// owned. Who copies waits before it goes.
template <class T>
class pinned_array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  pinned_array() = default;
  explicit pinned_array(std::size_t size) : size_(size) {
    if (size == 0) return;
    void* memory = nullptr;
    check_memory(cudaMallocHost(&memory, size * sizeof(T)), "cudaMallocHost", size * sizeof(T));
    data_ = static_cast<T*>(memory);
  }
  pinned_array(pinned_array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  pinned_array& operator=(pinned_array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~pinned_array() {
    if (data_ != nullptr) ignore(cudaFreeHost(data_));
  }

  T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace census::cuda::detail
