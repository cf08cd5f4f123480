// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/stream.hpp>
#include <census/cuda/error.hpp>
#include <census/cuda/only_user_of_devices.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>

namespace census::cuda::detail {

/// Makes a device the current one of this thread, and that from before again when it goes.
class current_device {
 public:
  explicit current_device(int ordinal) {
    check(cudaGetDevice(&before_), "cudaGetDevice");
    check(cudaSetDevice(ordinal), "cudaSetDevice");
    ++depth_;
  }
  current_device(current_device const&) = delete;
  current_device& operator=(current_device const&) = delete;
  ~current_device() {
    if (--depth_ > 0 || !only_user_of_devices::is_there()) ignore(cudaSetDevice(before_));
  }

 private:
  inline static thread_local int depth_ = 0;  // one within another
  int before_ = 0;
};

/// The one T of a device, made by make() where there is none: it lives as long as somebody holds it, and whoever asks
/// meanwhile gets the same.
template <class T, class Make>
std::shared_ptr<T> one_a_device(int ordinal, Make&& make) {
  static std::mutex mutex;
  static std::map<int, std::weak_ptr<T>> all;
  std::scoped_lock const lock(mutex);
  std::weak_ptr<T>& known = all[ordinal];
  if (auto held = known.lock()) return held;
  std::shared_ptr<T> made = make();
  known = made;
  return made;
}

/// What census has of a device: a stream, in which everything is computed, counted and freed, in order; another one for
/// firings on their way home, which need not wait for what comes behind them; and a pool of memory of its own, which
/// keeps what is freed for the next block and is given back when the last one who holds something on the device lets
/// go.
class device {
 public:
  /// The device of that number, counted from 0 as the runtime does. Throws device_error where there is none.
  static std::shared_ptr<device const> open(int ordinal) {
    return one_a_device<device const>(ordinal, [&] { return open_apart(ordinal); });
  }
  /// Another stream and pool on the same device, for what is to run beside what is counted. Throws device_error.
  static std::shared_ptr<device const> open_apart(int ordinal) {
    current_device const here(ordinal);
    return std::shared_ptr<device const>(new device(ordinal));
  }

  device(device const&) = delete;
  device& operator=(device const&) = delete;

  int ordinal() const { return ordinal_; }
  cudaStream_t stream() const { return stream_.get(); }
  cudaStream_t downloads() const { return downloads_.get(); }

  /// Memory that may be used in a stream from here on, of this device or anywhere that waits for it. Throws
  /// device_error where there is not so much.
  void* allocate(std::size_t bytes, cudaStream_t first_used_in) const {
    void* memory = nullptr;
    check_memory(cudaMallocFromPoolAsync(&memory, bytes, pool_.get(), first_used_in), "cudaMallocFromPoolAsync", bytes);
    return memory;
  }

  /// Frees memory once what is in stream() now has run.
  void free(void* memory) const noexcept { ignore(cudaFreeAsync(memory, stream())); }

 private:
  class pool {
   public:
    explicit pool(int ordinal) {
      cudaMemPoolProps properties{};
      properties.allocType = cudaMemAllocationTypePinned;  // the runtime's word for memory that stays on its device
      properties.location.type = cudaMemLocationTypeDevice;
      properties.location.id = ordinal;
      check(cudaMemPoolCreate(&pool_, &properties), "cudaMemPoolCreate");
    }
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;
    ~pool() { ignore(cudaMemPoolDestroy(pool_)); }

    /// Gives nothing back to the system at each wait, which would cost more than counting a block.
    void keep_what_is_freed() {
      std::uint64_t everything = std::numeric_limits<std::uint64_t>::max();
      check(cudaMemPoolSetAttribute(pool_, cudaMemPoolAttrReleaseThreshold, &everything), "cudaMemPoolSetAttribute");
    }
    cudaMemPool_t get() const { return pool_; }

   private:
    cudaMemPool_t pool_ = nullptr;
  };

  explicit device(int ordinal) : ordinal_(ordinal), pool_(ordinal) { pool_.keep_what_is_freed(); }

  int ordinal_;
  pool pool_;
  detail::stream stream_, downloads_;  // go first, and wait: for what is freed in them, too
};

/// An event that stands for all work that is in a device's stream now.
inline event behind_all_work(device const& on) {
  current_device const now(on.ordinal());
  event made;
  made.record(on.stream());
  return made;
}

}  // namespace census::cuda::detail
