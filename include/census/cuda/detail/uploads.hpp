// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/tabulation/key_rows.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

namespace census::cuda::detail {

/// What the host sends to a device to count by. Copies run behind the host: what is sent may go at once.
class uploads {
 public:
  /// Those of a device, for whoever counts there.
  static std::shared_ptr<uploads> of(std::shared_ptr<device const> const& on) {
    return one_a_device<uploads>(on->ordinal(), [&] {
      current_device const here(on->ordinal());
      return std::make_shared<uploads>(on);
    });
  }
  explicit uploads(std::shared_ptr<device const> on) : on_(std::move(on)), copies_(on_->stream()) {}

  /// A copy on the device, for work in its stream. Precondition: the device is the current one. Throws device_error.
  template <class T>
  device_array<T> send(std::span<T const> values) {
    device_array<T> there(on_, values.size());
    if (!values.empty()) {
      std::scoped_lock const lock(staging_mutex_);
      staging_[next_++ % staging_.size()].send(std::as_bytes(values), there.data(), on_->stream());
    }
    return there;
  }

  /// The rows of a text in order of their groups, key_rows::order(): sent once, for all layers and tables that are
  /// counted by them. Precondition and errors as send().
  std::shared_ptr<device_array<std::uint32_t> const> order_of(key_rows const& rows) {
    std::scoped_lock const lock(known_mutex_);
    auto const found = std::ranges::find_if(known_, [&](auto const& one) { return one.first.shares_with(rows); });
    if (found != known_.end()) return found->second;
    auto order = std::make_shared<device_array<std::uint32_t> const>(send(rows.order()));
    if (known_.size() == most_known) known_.pop_front();
    known_.emplace_back(rows, order);
    return order;
  }

 private:
  /// Tables that are counted side by side, with room to spare: the paper's survey has six.
  static constexpr std::size_t most_known = 16;

  /// Page-locked memory out of which one copy runs at a time.
  class staging_buffer {
   public:
    void send(std::span<std::byte const> values, void* there, cudaStream_t stream) {
      copied_.wait();
      if (memory_.size() < values.size()) memory_ = pinned_array<std::byte>(std::bit_ceil(values.size()));
      std::memcpy(memory_.data(), values.data(), values.size());
      check(cudaMemcpyAsync(there, memory_.data(), values.size(), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
      wait_at_the_end copy(stream);
      copied_.record(stream);
      copy.not_needed();
    }

   private:
    pinned_array<std::byte> memory_;
    event copied_;
  };

  std::shared_ptr<device const> on_;
  std::mutex staging_mutex_, known_mutex_;
  std::array<staging_buffer, 8> staging_;
  std::size_t next_ = 0;
  std::deque<std::pair<key_rows, std::shared_ptr<device_array<std::uint32_t> const>>> known_;
  wait_at_the_end copies_;  // out of page-locked memory, which goes after it
};

}  // namespace census::cuda::detail
