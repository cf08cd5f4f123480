// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/error.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

namespace census::cuda::detail {

/// What comes from a device in many pieces, such as a table's rows: through page-locked memory, with one wait for as
/// many as fit there.
class downloads {
 public:
  struct piece {
    void const* there;
    std::span<std::byte> here;
  };

  /// Those of a device, for whoever counts there.
  static std::shared_ptr<downloads> of(std::shared_ptr<device const> const& on) {
    return one_a_device<downloads>(on->ordinal(), [&] { return std::make_shared<downloads>(on); });
  }
  explicit downloads(std::shared_ptr<device const> on) : on_(std::move(on)) {}

  /// Copies the pieces behind all that is in the device's stream; they are here when it returns. Throws device_error.
  void bring(std::span<piece const> pieces) {
    std::scoped_lock const lock(mutex_);
    current_device const now(on_->ordinal());
    while (!pieces.empty()) pieces = pieces.subspan(bring_some(pieces));
  }

 private:
  static constexpr std::size_t most_bytes = std::size_t{8} << 20;  // of page-locked memory, but for a larger piece

  /// Brings the first pieces, and returns how many.
  std::size_t bring_some(std::span<piece const> pieces) {
    std::size_t count = 0, bytes = 0;
    while (count < pieces.size() && (count == 0 || bytes + pieces[count].here.size() <= most_bytes))
      bytes += pieces[count++].here.size();
    if (staging_.size() < bytes) staging_ = pinned_array<std::byte>(bytes);

    wait_at_the_end copies(on_->stream());
    std::byte* at = staging_.data();
    for (piece const& one : pieces.first(count)) {
      check(cudaMemcpyAsync(at, one.there, one.here.size(), cudaMemcpyDeviceToHost, on_->stream()), "cudaMemcpyAsync");
      at += one.here.size();
    }
    wait_for(on_->stream());
    copies.not_needed();

    at = staging_.data();
    for (piece const& one : pieces.first(count)) {
      std::copy_n(at, one.here.size(), one.here.data());
      at += one.here.size();
    }
    return count;
  }

  std::shared_ptr<device const> on_;
  std::mutex mutex_;
  pinned_array<std::byte> staging_;
};

}  // namespace census::cuda::detail
