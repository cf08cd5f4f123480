// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace census::cuda::detail {

/// An array in a device's memory, owned; its values are whatever lay there. It is freed in the device's own stream:
/// who uses it in another one sees to it, before it goes, that the device's waits for that (let_wait), or has waited.
template <class T>
class device_array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  device_array() = default;

  /// To be used in the device's stream, or first in another one.
  device_array(std::shared_ptr<device const> on, std::size_t size) : device_array(on, size, on->stream()) {}
  device_array(std::shared_ptr<device const> on, std::size_t size, cudaStream_t first_used_in)
      : on_(std::move(on)),
        data_(size == 0 ? nullptr : static_cast<T*>(on_->allocate(size * sizeof(T), first_used_in))), size_(size) {}

  device_array(device_array&& other) noexcept
      : on_(std::move(other.on_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  device_array& operator=(device_array&& other) noexcept {
    std::swap(on_, other.on_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~device_array() {
    if (data_ != nullptr) on_->free(data_);
  }

  T* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::shared_ptr<device const> const& on() const { return on_; }

 private:
  std::shared_ptr<device const> on_;
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Copies from a device to the host in a stream; the values are there when it returns. Throws device_error.
template <class T>
void bring(device const& from, T const* there, std::span<T> here, cudaStream_t stream) {
  current_device const now(from.ordinal());
  check(cudaMemcpyAsync(here.data(), there, here.size_bytes(), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
  wait_for(stream);
}

/// The same behind all that is in the device's stream.
template <class T>
void bring(device const& from, T const* there, std::span<T> here) {
  bring(from, there, here, from.stream());
}

}  // namespace census::cuda::detail
