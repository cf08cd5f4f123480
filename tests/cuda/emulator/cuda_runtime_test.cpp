// SPDX-License-Identifier: MIT
// The fake runtime itself: what it puts off, what it waits for, what it refuses.
#include "cuda_runtime.h"

#include "fake_device.hpp"

#include <support/catch.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace {

/// A stream and some numbers on the device.
struct fixture {
  explicit fixture(std::size_t count = 4) : size(count * sizeof(int)) {
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess);
    CHECK(cudaStreamCreate(&other) == cudaSuccess);
    CHECK(cudaMallocAsync(&there, size, stream) == cudaSuccess);
  }
  fixture(fixture const&) = delete;
  ~fixture() {
    cudaFreeAsync(there, stream);
    cudaStreamSynchronize(stream);
    cudaStreamDestroy(stream);
    cudaStreamDestroy(other);
    fake::set_schedule({}, fake::progress::as_waited_for);
  }

  cudaError_t send(std::vector<int> const& from, cudaStream_t in) const {
    return cudaMemcpyAsync(there, from.data(), size, cudaMemcpyHostToDevice, in);
  }
  cudaError_t bring(std::vector<int>& to, cudaStream_t in) const {
    return cudaMemcpyAsync(to.data(), there, size, cudaMemcpyDeviceToHost, in);
  }

  std::size_t size;
  cudaStream_t stream = nullptr, other = nullptr;
  void* there = nullptr;
};

void add_one(int* numbers, unsigned count) {
  unsigned const i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) ++numbers[i];
}
void never_ends() {
  if (threadIdx.x > 0) __syncthreads();
}

template <class... Parameters, class... Arguments>
cudaError_t launch(cudaStream_t stream, dim3 grid, dim3 block, void (*kernel)(Parameters...), Arguments... arguments) {
  cudaLaunchConfig_t how{};
  how.gridDim = grid;
  how.blockDim = block;
  how.stream = stream;
  return cudaLaunchKernelEx(&how, kernel, arguments...);
}

std::vector<int> const ascending{1, 2, 3, 4};

}  // namespace

TEST_CASE("a stream's work runs when somebody waits for it, in order, and no other stream's with it") {
  fixture f;
  std::vector<int> here(4, -1), early(4, -1);
  CHECK(f.send(ascending, f.stream) == cudaSuccess);
  CHECK(launch(f.stream, 2, 32, add_one, static_cast<int*>(f.there), 4) == cudaSuccess);
  CHECK(f.bring(here, f.stream) == cudaSuccess);
  CHECK(f.bring(early, f.other) == cudaSuccess);
  CHECK(cudaStreamQuery(f.stream) == cudaErrorNotReady);
  CHECK(here == std::vector<int>(4, -1));
  CHECK(cudaStreamSynchronize(f.other) == cudaSuccess);
  CHECK(early == std::vector<int>(4, static_cast<int>(0xffc1ffc1)));
  CHECK(here == std::vector<int>(4, -1));
  CHECK(cudaStreamSynchronize(f.stream) == cudaSuccess);
  CHECK(here == std::vector<int>{2, 3, 4, 5});
  CHECK(cudaStreamQuery(f.stream) == cudaSuccess);
}

TEST_CASE("where streams run at random, what does not wait sees one state or another") {
  bool early = false, late = false;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    fixture f;
    fake::set_schedule({cuda_on_cpu::order::in_turns, seed}, fake::progress::at_random);
    std::vector<int> here(4);
    f.send(ascending, f.stream);
    f.bring(here, f.other);
    cudaStreamSynchronize(f.other);
    (here == ascending ? late : early) = true;
  }
  CHECK(early);
  CHECK(late);
}

TEST_CASE("an event stands for what was in its stream when it was recorded, for the host and for other streams") {
  fixture f;
  cudaEvent_t sent = nullptr;
  CHECK(cudaEventCreateWithFlags(&sent, cudaEventDisableTiming) == cudaSuccess);
  std::vector<int> here(4), later(4);
  CHECK(cudaEventSynchronize(sent) == cudaSuccess);  // nothing was recorded
  f.send(ascending, f.stream);
  CHECK(cudaEventRecord(sent, f.stream) == cudaSuccess);
  launch(f.stream, 1, 32, add_one, static_cast<int*>(f.there), 4);
  CHECK(cudaEventQuery(sent) == cudaErrorNotReady);
  CHECK(cudaStreamWaitEvent(f.other, sent) == cudaSuccess);
  f.bring(here, f.other);
  CHECK(cudaStreamSynchronize(f.other) == cudaSuccess);
  CHECK(here == ascending);
  CHECK(cudaEventQuery(sent) == cudaSuccess);
  CHECK(cudaEventRecord(sent, f.stream) == cudaSuccess);
  f.bring(later, f.other);
  CHECK(cudaEventSynchronize(sent) == cudaSuccess);
  CHECK(cudaStreamSynchronize(f.other) == cudaSuccess);
  CHECK(later == std::vector<int>{2, 3, 4, 5});
  CHECK(cudaEventDestroy(sent) == cudaSuccess);
}

TEST_CASE("what a stream that is gone was given still runs") {
  fixture f;
  std::vector<int> here(4);
  cudaStream_t gone = nullptr;
  cudaStreamCreate(&gone);
  f.send(ascending, gone);
  f.bring(here, gone);
  cudaStreamDestroy(gone);
  CHECK(here == std::vector<int>(4));
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
  CHECK(here == ascending);
}

TEST_CASE("functions of the host are called in their place, and a default stream is one more stream") {
  fixture f;
  std::vector<int> calls;
  auto const call = [](void* into) { static_cast<std::vector<int>*>(into)->push_back(1); };
  CHECK(cudaLaunchHostFunc(nullptr, call, &calls) == cudaSuccess);
  CHECK(cudaStreamSynchronize(f.stream) == cudaSuccess);
  CHECK(calls.empty());
  CHECK(cudaStreamSynchronize(nullptr) == cudaSuccess);
  CHECK(calls.size() == 1);
}

TEST_CASE("copies that do not fit what was allocated, or go another way than they say, are refused") {
  fixture f;
  std::vector<int> here(5);
  CHECK(cudaMemcpyAsync(here.data(), f.there, f.size + 1, cudaMemcpyDeviceToHost, f.stream) == cudaErrorInvalidValue);
  CHECK(cudaMemcpyAsync(here.data(), f.there, 4, cudaMemcpyHostToDevice, f.stream) == cudaErrorInvalidValue);
  CHECK(cudaMemcpyAsync(f.there, here.data(), 4, cudaMemcpyDeviceToDevice, f.stream) == cudaErrorInvalidValue);
  CHECK(cudaMemsetAsync(here.data(), 0, 4, f.stream) == cudaErrorInvalidValue);
  CHECK(cudaMemsetAsync(f.there, 0, f.size, f.stream) == cudaSuccess);
  CHECK(cudaMemcpy2DAsync(here.data(), 8, f.there, 4, 8, 2, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);
  CHECK(cudaMemcpyAsync(here.data(), f.there, f.size, cudaMemcpyDefault, f.stream) == cudaSuccess);
  CHECK(cudaStreamSynchronize(f.stream) == cudaSuccess);
  CHECK(cudaGetLastError() == cudaErrorInvalidValue);
  CHECK(cudaGetLastError() == cudaSuccess);
}

TEST_CASE("memory is given back once, in its stream's order, and what is left is known") {
  std::size_t const before = fake::live_allocations();
  {
    fixture f;
    void* pinned = nullptr;
    CHECK(cudaMallocHost(&pinned, 8) == cudaSuccess);
    CHECK(fake::live_allocations() == before + 2);
    cudaPointerAttributes where{};
    CHECK(cudaPointerGetAttributes(&where, static_cast<std::byte*>(f.there) + 3) == cudaSuccess);
    CHECK(where.type == cudaMemoryTypeDevice);
    CHECK(cudaPointerGetAttributes(&where, pinned) == cudaSuccess);
    CHECK(where.type == cudaMemoryTypeHost);
    CHECK(cudaPointerGetAttributes(&where, &where) == cudaSuccess);
    CHECK(where.type == cudaMemoryTypeUnregistered);
    CHECK(cudaFreeAsync(pinned, f.stream) == cudaErrorInvalidValue);
    CHECK(cudaFreeHost(pinned) == cudaSuccess);
    CHECK(cudaFreeHost(pinned) == cudaErrorInvalidValue);
    CHECK(cudaFree(nullptr) == cudaSuccess);
  }
  CHECK(fake::live_allocations() == before);
  void* there = nullptr;
  cudaMalloc(&there, 100);
  CHECK(cudaFreeAsync(there, nullptr) == cudaSuccess);
  CHECK(cudaFreeAsync(there, nullptr) == cudaErrorInvalidValue);
  CHECK(fake::live_allocations() == before);
  cudaGetLastError();
}

TEST_CASE("a device has as much memory as it is told to have") {
  fixture f;
  fake::set_memory(1000);
  std::size_t free = 0, total = 0;
  CHECK(cudaMemGetInfo(&free, &total) == cudaSuccess);
  CHECK(total == 1000);
  CHECK(free <= 1000 - f.size);
  fake::peak_bytes();
  void *fits = nullptr, *does_not = nullptr;
  CHECK(cudaMalloc(&fits, free) == cudaSuccess);
  CHECK(cudaMalloc(&does_not, 1) == cudaErrorMemoryAllocation);
  CHECK(does_not == nullptr);
  CHECK(cudaFree(fits) == cudaSuccess);
  CHECK(fake::peak_bytes() == 1000);
  CHECK(fake::peak_bytes() < 1000);
  fake::set_memory(std::size_t{1} << 40);
  cudaGetLastError();
}

TEST_CASE("there are as many devices as it is told, each with streams and memory of its own") {
  fake::set_devices(2);
  int count = 0, device = -1;
  CHECK(cudaGetDeviceCount(&count) == cudaSuccess);
  CHECK(count == 2);
  CHECK(cudaSetDevice(1) == cudaSuccess);
  fixture f;
  CHECK(cudaStreamGetDevice(f.stream, &device) == cudaSuccess);
  CHECK(device == 1);
  cudaPointerAttributes where{};
  cudaPointerGetAttributes(&where, f.there);
  CHECK(where.device == 1);
  fake::set_memory(1000, 1);
  std::size_t free = 0, total = 0;
  CHECK(cudaMemGetInfo(&free, &total) == cudaSuccess);
  CHECK(total == 1000);
  CHECK(cudaSetDevice(2) == cudaErrorInvalidDevice);
  CHECK(cudaSetDevice(0) == cudaSuccess);
  CHECK(cudaMemGetInfo(&free, &total) == cudaSuccess);
  CHECK(total > 1000);
  fake::set_memory(std::size_t{1} << 40, 1);
  fake::set_devices(0);
  CHECK(cudaGetDeviceCount(&count) == cudaErrorNoDevice);
  fake::set_devices(1);
  cudaGetLastError();
}

TEST_CASE("a stream takes launches while its device is the current one, and events of its device") {
  fake::set_devices(2);
  fixture f;
  auto* const numbers = static_cast<int*>(f.there);
  cudaEvent_t here = nullptr, elsewhere = nullptr;
  CHECK(cudaEventCreate(&here) == cudaSuccess);
  CHECK(cudaSetDevice(1) == cudaSuccess);
  CHECK(cudaEventCreate(&elsewhere) == cudaSuccess);
  CHECK(launch(f.stream, 1, 32, add_one, numbers, 4) == cudaErrorInvalidResourceHandle);
  CHECK(cudaEventRecord(elsewhere, f.stream) == cudaErrorInvalidResourceHandle);
  CHECK(cudaEventRecord(here, f.stream) == cudaSuccess);
  CHECK(cudaMemsetAsync(f.there, 0, 4, f.stream) == cudaSuccess);
  CHECK(cudaSetDevice(0) == cudaSuccess);
  CHECK(launch(f.stream, 1, 32, add_one, numbers, 4) == cudaSuccess);
  CHECK(cudaStreamSynchronize(f.stream) == cudaSuccess);
  cudaEventDestroy(here), cudaEventDestroy(elsewhere);
  fake::set_devices(1);
  cudaGetLastError();
}

TEST_CASE("the n-th call fails where a test asks for it, by the error that such a call has") {
  fixture f;
  void* there = nullptr;
  fake::fail_at(2);
  CHECK(cudaMemsetAsync(f.there, 0, 4, f.stream) == cudaSuccess);
  CHECK_FALSE(fake::has_failed());
  CHECK(cudaMallocAsync(&there, 4, f.stream) == cudaErrorMemoryAllocation);
  CHECK(fake::has_failed());
  CHECK(cudaMemsetAsync(f.there, 0, 4, f.stream) == cudaSuccess);
  fake::fail_at(1);
  CHECK(launch(f.stream, 1, 32, add_one, static_cast<int*>(f.there), 4) == cudaErrorLaunchFailure);
  fake::fail_at(1);
  CHECK(cudaStreamSynchronize(f.stream) == cudaErrorUnknown);
  fake::fail_at(0);
  CHECK_FALSE(fake::has_failed());
  cudaGetLastError();
}

TEST_CASE("launches beyond a device's limits are refused, and a kernel that fails takes everything with it") {
  fixture f;
  auto* const numbers = static_cast<int*>(f.there);
  for (auto const& [grid, block] : {std::pair{dim3(0), dim3(32)},
                                    {dim3(1), dim3(0)},
                                    {dim3(1), dim3(1025)},
                                    {dim3(1, 65536), dim3(32)},
                                    {dim3(1), dim3(8, 1, 65)}})
    CHECK(launch(f.stream, grid, block, add_one, numbers, 4) == cudaErrorInvalidConfiguration);
  CHECK(launch(f.stream, dim3(1, 65535), dim3(1), add_one, numbers, 0) == cudaSuccess);
  cudaGetLastError();

  CHECK(launch(f.stream, 1, 32, never_ends) == cudaSuccess);
  CHECK(cudaStreamSynchronize(f.stream) == cudaErrorLaunchFailure);
  CHECK(fake::failure() == "deadlock: 1 threads have ended, 31 wait at __syncthreads");
  CHECK(cudaStreamSynchronize(f.other) == cudaErrorLaunchFailure);
  fake::forget_failure();
  CHECK(cudaStreamSynchronize(f.other) == cudaSuccess);
}
