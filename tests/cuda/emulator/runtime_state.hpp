// SPDX-License-Identifier: MIT
// Test only: what the calls of the fake CUDA runtime share: its devices' memory, its streams' work, and how it fails.
#pragma once

#include "cuda_runtime.h"
#include "fake_device.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>

namespace fake {

struct queue;
struct piece_of_work {
  std::function<void()> run;
  bool frees = false;                   ///< runs even where a kernel failed before
  std::shared_ptr<queue> awaited = {};  ///< the stream whose work up to `ticket` it waits for, where it waits
  std::uint64_t ticket = 0;
};

/// A stream's work, in order.
struct queue {
  int device;
  std::deque<piece_of_work> work = {};  ///< what has not run yet
  std::uint64_t issued = 0, done = 0;
  bool running = false;
};

constexpr int of_host = -1;  // pinned memory

struct allocation {
  std::size_t bytes;
  int device;
  bool given_back = false;  ///< freed in a stream whose work has not come so far
};

struct runtime_state {
  std::recursive_mutex mutex;
  std::map<std::byte*, allocation> memory;
  std::vector<std::shared_ptr<queue>> queues;
  std::map<int, std::shared_ptr<queue>> default_queues;  // of each device

  std::map<int, std::size_t> capacity;  // of each device whose memory was set
  int devices = 1;
  std::set<int> opened;  // made the current one
  cuda_on_cpu::schedule threads;
  progress streams = progress::as_waited_for;
  std::mt19937 random{1};

  std::uint64_t calls = 0, failing_call = 0;
  cudaError_t last_error = cudaSuccess;
  cudaError_t broken = cudaSuccess;  // a kernel failed: so does everything from then on
  std::string failure;
  std::map<int, int> exposed;  // of each device: how many pieces of its work are running
  std::map<int, std::size_t> peak;
};

runtime_state& runtime();
extern thread_local int current_device;

/// Each call holds it.
using lock = std::lock_guard<std::recursive_mutex>;

/// The error, noted as the last one.
cudaError_t answer(cudaError_t error);

/// At the start of each call that can fail: the error that it is to fail with, if it is.
cudaError_t begin(cudaError_t injected = cudaErrorUnknown);

std::shared_ptr<queue> new_queue(int device);

/// The stream's work, of null that of the current device's default stream; and its device.
std::shared_ptr<queue> queue_of(cudaStream_t stream);
int device_of(cudaStream_t stream);

void enqueue(queue& into, piece_of_work work);

/// A call that gives a stream work: checks, and hands it over.
cudaError_t give(cudaStream_t stream, bool valid, piece_of_work work);

/// Runs the stream's work up to the ticket-th piece that it was ever given.
void run_until(queue& of, std::uint64_t ticket);
void run_all();

/// Makes the memory of a device readable, as it is to the work of its streams alone: elsewhere AddressSanitizer reports
/// who reads it.
class exposure {
 public:
  explicit exposure(int device);
  ~exposure();
  exposure(exposure const&) = delete;
  exposure& operator=(exposure const&) = delete;

 private:
  int device_;
};

/// What is allocated on a device now, and what it has.
std::size_t bytes_on(int device);
std::size_t capacity_of(int device);

}  // namespace fake

struct CUstream_st {
  std::shared_ptr<fake::queue> work;
  int device = 0;
};
