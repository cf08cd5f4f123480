// SPDX-License-Identifier: MIT
// The fake runtime's calls about errors, devices, streams, events and launches.
#include "runtime_state.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

using fake::answer, fake::begin, fake::device_of, fake::give, fake::lock, fake::queue_of, fake::runtime;

struct CUevent_st {
  int device;
  std::shared_ptr<fake::queue> stream = {};  // null: nothing was recorded
  std::uint64_t ticket = 0;
};

namespace {

/// What fails only when it is waited for has run all the same.
cudaError_t wait_for(fake::queue& of, std::uint64_t ticket) {
  cudaError_t const injected = begin();
  fake::run_until(of, ticket);
  return injected != cudaSuccess ? injected : answer(runtime().broken);
}

}  // namespace

char const* cudaGetErrorName(cudaError_t error) {
  switch (error) {
  case cudaSuccess:
    return "cudaSuccess";
  case cudaErrorInvalidValue:
    return "cudaErrorInvalidValue";
  case cudaErrorMemoryAllocation:
    return "cudaErrorMemoryAllocation";
  case cudaErrorInvalidConfiguration:
    return "cudaErrorInvalidConfiguration";
  case cudaErrorInsufficientDriver:
    return "cudaErrorInsufficientDriver";
  case cudaErrorNoDevice:
    return "cudaErrorNoDevice";
  case cudaErrorInvalidDevice:
    return "cudaErrorInvalidDevice";
  case cudaErrorInvalidResourceHandle:
    return "cudaErrorInvalidResourceHandle";
  case cudaErrorNotReady:
    return "cudaErrorNotReady";
  case cudaErrorLaunchFailure:
    return "cudaErrorLaunchFailure";
  case cudaErrorUnknown:
    return "cudaErrorUnknown";
  }
  return "unrecognized error code";
}
char const* cudaGetErrorString(cudaError_t error) {
  switch (error) {
  case cudaSuccess:
    return "no error";
  case cudaErrorInvalidValue:
    return "invalid argument";
  case cudaErrorMemoryAllocation:
    return "out of memory";
  case cudaErrorInvalidConfiguration:
    return "invalid configuration argument";
  case cudaErrorNoDevice:
    return "no CUDA-capable device is detected";
  case cudaErrorInvalidDevice:
    return "invalid device ordinal";
  case cudaErrorInvalidResourceHandle:
    return "invalid resource handle";
  case cudaErrorLaunchFailure:
    return "unspecified launch failure";
  default:
    return "unknown error";
  }
}
cudaError_t cudaPeekAtLastError() { return runtime().last_error; }
cudaError_t cudaGetLastError() {
  lock const held(runtime().mutex);
  return std::exchange(runtime().last_error, runtime().broken);
}

cudaError_t cudaGetDeviceCount(int* count) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  *count = runtime().devices;
  return *count > 0 ? cudaSuccess : answer(cudaErrorNoDevice);
}
cudaError_t cudaGetDevice(int* device) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  *device = fake::current_device;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  if (device < 0 || device >= runtime().devices) return answer(cudaErrorInvalidDevice);
  fake::current_device = device;
  runtime().opened.insert(device);
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  if (device < 0 || device >= runtime().devices) return answer(cudaErrorInvalidDevice);
  *properties = {"a fake device", fake::capacity_of(device), 48 << 10, 8, 0, 4};
  return cudaSuccess;
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  std::size_t const taken = fake::bytes_on(fake::current_device);
  *total = fake::capacity_of(fake::current_device);
  *free = taken < *total ? *total - taken : 0;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* version) { return cudaRuntimeGetVersion(version); }
cudaError_t cudaDeviceSynchronize() {
  lock const held(runtime().mutex);
  cudaError_t const injected = begin();
  fake::run_all();
  return injected != cudaSuccess ? injected : answer(runtime().broken);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  lock const held(runtime().mutex);
  *stream = nullptr;
  if (cudaError_t const error = begin()) return error;
  *stream = new CUstream_st{fake::new_queue(fake::current_device), fake::current_device};
  return cudaSuccess;
}
cudaError_t cudaStreamCreate(cudaStream_t* stream) { return cudaStreamCreateWithFlags(stream, cudaStreamDefault); }
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  lock const held(runtime().mutex);
  if (stream == nullptr) return answer(cudaErrorInvalidResourceHandle);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  lock const held(runtime().mutex);
  auto const work = queue_of(stream);
  return wait_for(*work, work->issued);
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  return queue_of(stream)->work.empty() ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaStreamGetDevice(cudaStream_t stream, int* device) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  *device = device_of(stream);
  return cudaSuccess;
}
cudaError_t cudaLaunchHostFunc(cudaStream_t stream, void (*function)(void*), void* data) {
  lock const held(runtime().mutex);
  return give(stream, function != nullptr, {[=] { function(data); }});
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  lock const held(runtime().mutex);
  *event = nullptr;
  if (cudaError_t const error = begin()) return error;
  *event = new CUevent_st{.device = fake::current_device};
  return cudaSuccess;
}
cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  lock const held(runtime().mutex);
  if (event == nullptr) return answer(cudaErrorInvalidResourceHandle);
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  if (device_of(stream) != event->device) return answer(cudaErrorInvalidResourceHandle);
  event->stream = queue_of(stream);
  event->ticket = event->stream->issued;
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  lock const held(runtime().mutex);
  CUevent_st const waited_for = *event;
  return waited_for.stream == nullptr ? begin() : wait_for(*waited_for.stream, waited_for.ticket);
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  return event->stream == nullptr || event->stream->done >= event->ticket ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  lock const held(runtime().mutex);
  if (event == nullptr || event->stream == nullptr) return give(stream, event != nullptr, {[] {}});
  auto const wait = [event = *event] { fake::run_until(*event.stream, event.ticket); };
  return give(stream, true, {wait, false, event->stream, event->ticket});
}

cudaError_t fake::launch(cudaLaunchConfig_t const& config, std::function<void()> body) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin(cudaErrorLaunchFailure)) return error;
  if (device_of(config.stream) != current_device) return answer(cudaErrorInvalidResourceHandle);
  dim3 const grid = config.gridDim, block = config.blockDim;
  auto const within = [](std::size_t size, std::size_t most) { return size >= 1 && size <= most; };
  if (!within(std::size_t{block.x} * block.y * block.z, 1024) || !within(block.z, 64) || !within(grid.x, 0x7fffffff) ||
      !within(grid.y, 65535) || !within(grid.z, 65535))
    return answer(cudaErrorInvalidConfiguration);
  auto const run = [grid, block, body = std::move(body)] {
    cuda_on_cpu::schedule const how = runtime().threads;
    ++runtime().threads.seed;
    cuda_on_cpu::run_grid(grid, block, how, body);
  };
  enqueue(*queue_of(config.stream), {run});
  return cudaSuccess;
}
