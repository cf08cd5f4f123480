// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/error.hpp>

#include <cuda_runtime.h>

#include <utility>

namespace census::cuda::detail {

/// A stream of the current device, owned. It waits for no other stream unless told: also not for the default one.
class stream {
 public:
  stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags"); }
  stream(stream&& other) noexcept : stream_(std::exchange(other.stream_, nullptr)) {}
  stream& operator=(stream&& other) noexcept {
    std::swap(stream_, other.stream_);
    return *this;
  }

  /// Waits for the work in it, so that nothing which that uses can go before it has run.
  ~stream() {
    if (stream_ == nullptr) return;
    ignore(cudaStreamSynchronize(stream_));
    ignore(cudaStreamDestroy(stream_));
  }

  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

/// Waits here until all work in a stream has run.
inline void wait_for(cudaStream_t stream) { check(cudaStreamSynchronize(stream), "cudaStreamSynchronize"); }

/// Waits for a stream when it goes, unless told that somebody else has waited or will: so that, whatever throws,
/// nothing goes that work in the stream still uses.
class wait_at_the_end {
 public:
  explicit wait_at_the_end(cudaStream_t stream) : stream_(stream) {}
  wait_at_the_end(wait_at_the_end const&) = delete;
  wait_at_the_end& operator=(wait_at_the_end const&) = delete;
  ~wait_at_the_end() {
    if (waits_) ignore(cudaStreamSynchronize(stream_));
  }

  void not_needed() { waits_ = false; }

 private:
  cudaStream_t stream_;
  bool waits_ = true;
};

/// A point in a stream that the host or other streams can wait for, owned. Keeps no time.
class event {
 public:
  event() { check(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "cudaEventCreateWithFlags"); }
  event(event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  event& operator=(event&& other) noexcept {
    std::swap(event_, other.event_);
    return *this;
  }
  ~event() {
    if (event_ != nullptr) ignore(cudaEventDestroy(event_));
  }

  /// Stands for the work that is in the stream now.
  void record(cudaStream_t stream) { check(cudaEventRecord(event_, stream), "cudaEventRecord"); }

  /// Waits here until that work has run; at once where nothing was recorded.
  void wait() const { check(cudaEventSynchronize(event_), "cudaEventSynchronize"); }

  /// Lets what is put into a stream from now on wait for that work.
  void hold(cudaStream_t stream) const { check(cudaStreamWaitEvent(stream, event_, 0), "cudaStreamWaitEvent"); }

 private:
  cudaEvent_t event_ = nullptr;
};

/// Lets what is put into a stream from now on wait for all that is in another one.
inline void let_wait(cudaStream_t waiting, cudaStream_t running) {
  event now;
  now.record(running);
  now.hold(waiting);
}

}  // namespace census::cuda::detail
