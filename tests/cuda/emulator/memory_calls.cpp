// SPDX-License-Identifier: MIT
// The fake runtime's memory: who may look at it, what is allocated, and the calls that allocate, copy and free.
#include "fiber.hpp"
#include "runtime_state.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#if defined(CENSUS_FIBERS_TELL_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace fake {
namespace {

void hide([[maybe_unused]] std::byte* at, [[maybe_unused]] std::size_t bytes) {
#if defined(CENSUS_FIBERS_TELL_ASAN)
  ASAN_POISON_MEMORY_REGION(at, bytes);
#endif
}
void show([[maybe_unused]] std::byte* at, [[maybe_unused]] std::size_t bytes) {
#if defined(CENSUS_FIBERS_TELL_ASAN)
  ASAN_UNPOISON_MEMORY_REGION(at, bytes);
#endif
}

void of_device(int device, void (*change)(std::byte*, std::size_t)) {
  for (auto const& [at, block] : runtime().memory)
    if (block.device == device) change(at, block.bytes);
}

/// The allocation that these bytes lie in; end() where they lie in none, or in none alone.
auto allocation_of(void const* at, std::size_t bytes) {
  auto& memory = runtime().memory;
  auto* const first = const_cast<std::byte*>(static_cast<std::byte const*>(at));
  auto found = memory.upper_bound(first);
  if (found == memory.begin()) return memory.end();
  --found;
  return first + bytes <= found->first + found->second.bytes ? found : memory.end();
}
bool on_device(void const* at) {
  auto const found = allocation_of(at, 0);
  return found != runtime().memory.end() && found->second.device != of_host;
}

/// With what is NaN as float32, float16 and bfloat16, and not all ones.
void fill_with_nan(std::byte* at, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) at[i] = std::byte{i % 2 == 0 ? std::uint8_t{0xc1} : std::uint8_t{0xff}};
}

cudaError_t allocate(void** into, std::size_t bytes, int device) {
  if (cudaError_t const error = begin(cudaErrorMemoryAllocation)) return error;
  *into = nullptr;
  if (bytes == 0) return cudaSuccess;
  std::size_t const held = bytes_on(device);
  if (device != of_host && (held > capacity_of(device) || bytes > capacity_of(device) - held))
    return answer(cudaErrorMemoryAllocation);
  auto* const at = static_cast<std::byte*>(::operator new(bytes, std::align_val_t(256)));
  fill_with_nan(at, bytes);
  runtime().memory[at] = {bytes, device};
  runtime().peak[device] = std::max(runtime().peak[device], held + bytes);
  if (device != of_host && runtime().exposed[device] == 0) hide(at, bytes);
  *into = at;
  return cudaSuccess;
}

void release(std::byte* at) {
  auto const found = runtime().memory.find(at);
  show(at, found->second.bytes);
  runtime().memory.erase(found);
  ::operator delete(at, std::align_val_t(256));
}

bool fits(void const* at, std::size_t bytes, bool device) {
  if (bytes == 0) return true;
  if (on_device(at) != device) return false;
  return !device || allocation_of(at, bytes) != runtime().memory.end();
}
bool fits(void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (kind == cudaMemcpyDefault) return fits(to, bytes, on_device(to)) && fits(from, bytes, on_device(from));
  return fits(to, bytes, kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice) &&
         fits(from, bytes, kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice);
}

}  // namespace

exposure::exposure(int device) : device_(device) {
  if (runtime().exposed[device_]++ == 0) of_device(device_, show);
}
exposure::~exposure() {
  if (--runtime().exposed[device_] == 0) of_device(device_, hide);
}

std::size_t capacity_of(int device) {
  auto const set = runtime().capacity.find(device);
  return set == runtime().capacity.end() ? std::size_t{1} << 40 : set->second;
}

std::size_t bytes_on(int device) {
  std::size_t bytes = 0;
  for (auto const& [at, block] : runtime().memory)
    if (block.device == device) bytes += block.bytes;
  return bytes;
}

}  // namespace fake

using fake::answer, fake::begin, fake::device_of, fake::give, fake::lock, fake::queue_of, fake::runtime;

struct CUmemPoolHandle_st {
  int device;
};

cudaError_t cudaMallocAsync(void** at, std::size_t bytes, cudaStream_t stream) {
  lock const held(runtime().mutex);
  return fake::allocate(at, bytes, device_of(stream));
}
cudaError_t cudaMalloc(void** at, std::size_t bytes) { return cudaMallocAsync(at, bytes, nullptr); }
cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, cudaMemPoolProps const* properties) {
  lock const held(runtime().mutex);
  *pool = nullptr;
  if (cudaError_t const error = begin(cudaErrorMemoryAllocation)) return error;
  *pool = new CUmemPoolHandle_st{properties->location.id};
  return cudaSuccess;
}
cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
  lock const held(runtime().mutex);
  if (pool == nullptr) return answer(cudaErrorInvalidValue);
  delete pool;
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr, void* value) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  return pool != nullptr && value != nullptr ? cudaSuccess : answer(cudaErrorInvalidValue);
}
cudaError_t cudaMallocFromPoolAsync(void** at, std::size_t bytes, cudaMemPool_t pool, cudaStream_t) {
  lock const held(runtime().mutex);
  return fake::allocate(at, bytes, pool->device);
}
cudaError_t cudaMallocHost(void** at, std::size_t bytes) {
  lock const held(runtime().mutex);
  return fake::allocate(at, bytes, fake::of_host);
}
cudaError_t cudaFreeAsync(void* at, cudaStream_t stream) {
  lock const held(runtime().mutex);
  if (at == nullptr) return cudaSuccess;
  auto const found = runtime().memory.find(static_cast<std::byte*>(at));
  if (found == runtime().memory.end() || found->second.given_back || found->second.device == fake::of_host)
    return answer(cudaErrorInvalidValue);
  found->second.given_back = true;
  fake::enqueue(*queue_of(stream), {[at] { fake::release(static_cast<std::byte*>(at)); }, true});
  return cudaSuccess;
}
cudaError_t cudaFree(void* at) {
  lock const held(runtime().mutex);
  cudaError_t const error = cudaFreeAsync(at, nullptr);
  fake::run_all();
  return error;
}
cudaError_t cudaFreeHost(void* at) {
  lock const held(runtime().mutex);
  if (at == nullptr) return cudaSuccess;
  auto const found = runtime().memory.find(static_cast<std::byte*>(at));
  if (found == runtime().memory.end() || found->second.device != fake::of_host) return answer(cudaErrorInvalidValue);
  fake::release(static_cast<std::byte*>(at));
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  lock const held(runtime().mutex);
  return give(stream, fake::fits(to, from, bytes, kind), {[=] {
                if (bytes > 0) std::memcpy(to, from, bytes);
              }});
}
cudaError_t cudaMemcpy(void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind) {
  cudaError_t const error = cudaMemcpyAsync(to, from, bytes, kind, nullptr);
  return error != cudaSuccess ? error : cudaStreamSynchronize(nullptr);
}
cudaError_t cudaMemcpy2DAsync(void* to, std::size_t to_pitch, void const* from, std::size_t from_pitch,
                              std::size_t width, std::size_t height, cudaMemcpyKind kind, cudaStream_t stream) {
  lock const held(runtime().mutex);
  bool const valid = width <= to_pitch && width <= from_pitch && fake::fits(to, from, height > 0 ? width : 0, kind);
  return give(stream, valid, {[=] {
                for (std::size_t row = 0; row < height && width > 0; ++row)
                  std::memcpy(static_cast<std::byte*>(to) + row * to_pitch,
                              static_cast<std::byte const*>(from) + row * from_pitch, width);
              }});
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  lock const held(runtime().mutex);
  return give(stream, fake::fits(to, bytes, true), {[=] {
                if (bytes > 0) std::memset(to, value, bytes);
              }});
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, void const* at) {
  lock const held(runtime().mutex);
  if (cudaError_t const error = begin()) return error;
  auto const found = fake::allocation_of(at, 0);
  auto* const pointer = const_cast<void*>(at);
  if (found == runtime().memory.end())
    *attributes = {cudaMemoryTypeUnregistered, -2, nullptr, pointer};
  else if (found->second.device == fake::of_host)
    *attributes = {cudaMemoryTypeHost, 0, pointer, pointer};
  else
    *attributes = {cudaMemoryTypeDevice, found->second.device, pointer, nullptr};
  return cudaSuccess;
}
