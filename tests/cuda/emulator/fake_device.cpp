// SPDX-License-Identifier: MIT
// The fake runtime's whole state and all its calls: longer than a file should be, for the calls are many and small, and
// what they share, streams, events, pools and who may look at which memory, is to be seen by nobody else.
#include "fake_device.hpp"

#include "cuda_runtime.h"
#include "fiber.hpp"

#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#if defined(CENSUS_FIBERS_TELL_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace fake {
namespace {

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

struct state {
  std::recursive_mutex mutex;
  std::map<std::byte*, allocation> memory;
  std::vector<std::shared_ptr<queue>> queues;
  std::map<int, std::shared_ptr<queue>> default_queues;  // of each device

  std::map<int, std::size_t> capacity;  // of each device whose memory was set
  int devices = 1;
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

state& now() {
  static state one;
  return one;
}
thread_local int current_device = 0;

using lock = std::lock_guard<std::recursive_mutex>;

/// Memory of a device can be read by the work of its streams alone; elsewhere AddressSanitizer reports it.
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

class exposure {
 public:
  explicit exposure(int device) : device_(device) {
    if (now().exposed[device_]++ == 0) each(show);
  }
  ~exposure() {
    if (--now().exposed[device_] == 0) each(hide);
  }
  exposure(exposure const&) = delete;
  exposure& operator=(exposure const&) = delete;

 private:
  void each(void (*change)(std::byte*, std::size_t)) const {
    for (auto const& [at, block] : now().memory)
      if (block.device == device_) change(at, block.bytes);
  }

  int device_;
};

void run_next(queue& of) {
  if (of.running) throw std::logic_error("a stream waits for itself");
  of.running = true;
  exposure const memory(of.device);
  auto const work = std::move(of.work.front());
  of.work.pop_front();
  try {
    if (now().broken == cudaSuccess || work.frees) work.run();
  } catch (std::exception const& error) {
    now().broken = cudaErrorLaunchFailure;
    now().failure = error.what();
    std::fprintf(stderr, "fake CUDA device: %s\n", error.what());
  }
  of.running = false;
  ++of.done;
}

/// Whether the stream's work up to the ticket can run now: none of it waits for a stream that is in the midst of a
/// wait.
bool can_run_until(queue const& of, std::uint64_t ticket) {
  if (of.done >= ticket) return true;
  if (of.running) return false;
  for (std::size_t i = 0; i < ticket - of.done; ++i)
    if (auto const& next = of.work[i]; next.awaited != nullptr && !can_run_until(*next.awaited, next.ticket))
      return false;
  return true;
}

void run_some_of_any() {
  if (now().streams != progress::at_random || now().random() % 2 == 0) return;
  std::vector<std::shared_ptr<queue>> waiting;
  for (auto const& one : now().queues)
    if (!one->work.empty() && can_run_until(*one, one->done + 1)) waiting.push_back(one);
  if (!waiting.empty()) run_next(*waiting[now().random() % waiting.size()]);
}

/// Runs the stream's work up to the ticket-th piece that it was ever given.
void run_until(queue& of, std::uint64_t ticket) {
  while (of.done < ticket) {
    run_some_of_any();
    if (of.done < ticket) run_next(of);
  }
}
void run_all() {
  auto const queues = now().queues;
  for (auto const& one : queues) run_until(*one, one->issued);
}

void enqueue(queue& into, piece_of_work work) {
  into.work.push_back(std::move(work));
  ++into.issued;
}

std::shared_ptr<queue> new_queue(int device) {
  std::erase_if(now().queues, [](auto const& one) { return one.use_count() == 1 && one->work.empty(); });
  now().queues.push_back(std::make_shared<queue>(queue{.device = device}));
  return now().queues.back();
}

/// The allocation that these bytes lie in; end() where they lie in none, or in none alone.
auto allocation_of(void const* at, std::size_t bytes) {
  auto& memory = now().memory;
  auto* const first = const_cast<std::byte*>(static_cast<std::byte const*>(at));
  auto found = memory.upper_bound(first);
  if (found == memory.begin()) return memory.end();
  --found;
  return first + bytes <= found->first + found->second.bytes ? found : memory.end();
}
bool on_device(void const* at) {
  auto const found = allocation_of(at, 0);
  return found != now().memory.end() && found->second.device != of_host;
}

std::size_t capacity_of(int device) {
  auto const set = now().capacity.find(device);
  return set == now().capacity.end() ? std::size_t{1} << 40 : set->second;
}

std::size_t bytes_on(int device) {
  std::size_t bytes = 0;
  for (auto const& [at, block] : now().memory)
    if (block.device == device) bytes += block.bytes;
  return bytes;
}

cudaError_t answer(cudaError_t error) {
  if (error != cudaSuccess) now().last_error = error;
  return error;
}

/// At the start of each call that can fail: the error that it is to fail with, if it is.
cudaError_t begin(cudaError_t injected = cudaErrorUnknown) {
  if (now().broken != cudaSuccess) return answer(now().broken);
  return ++now().calls == now().failing_call ? answer(injected) : cudaSuccess;
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
  now().memory[at] = {bytes, device};
  now().peak[device] = std::max(now().peak[device], held + bytes);
  if (device != of_host && now().exposed[device] == 0) hide(at, bytes);
  *into = at;
  return cudaSuccess;
}

void release(std::byte* at) {
  auto const found = now().memory.find(at);
  show(at, found->second.bytes);
  now().memory.erase(found);
  ::operator delete(at, std::align_val_t(256));
}

bool fits(void const* at, std::size_t bytes, bool device) {
  if (bytes == 0) return true;
  if (on_device(at) != device) return false;
  return !device || allocation_of(at, bytes) != now().memory.end();
}
bool fits(void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (kind == cudaMemcpyDefault) return fits(to, bytes, on_device(to)) && fits(from, bytes, on_device(from));
  return fits(to, bytes, kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice) &&
         fits(from, bytes, kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice);
}

}  // namespace

void set_schedule(cuda_on_cpu::schedule const& threads, progress streams) {
  now().threads = threads;
  now().streams = streams;
  now().random.seed(threads.seed);
}
void set_devices(int count) { now().devices = count; }
void set_memory(std::size_t bytes, int device) { now().capacity[device] = bytes; }
void fail_at(std::uint64_t call) {
  now().calls = 0;
  now().failing_call = call;
}
bool has_failed() { return now().failing_call > 0 && now().calls >= now().failing_call; }
std::size_t live_allocations() {
  lock const held(now().mutex);
  run_all();
  return now().memory.size();
}
std::size_t peak_bytes(int device) {
  lock const held(now().mutex);
  run_all();
  return std::exchange(now().peak[device], bytes_on(device));
}
std::string failure() { return now().failure; }
void forget_failure() {
  now().broken = now().last_error = cudaSuccess;
  now().failure.clear();
}

}  // namespace fake

using fake::answer, fake::begin, fake::lock, fake::now;

struct CUstream_st {
  std::shared_ptr<fake::queue> work;
  int device = 0;
};
struct CUevent_st {
  int device;
  std::shared_ptr<fake::queue> stream = {};  // null: nothing was recorded
  std::uint64_t ticket = 0;
};
struct CUmemPoolHandle_st {
  int device;
};

namespace {

std::shared_ptr<fake::queue> queue_of(cudaStream_t stream) {
  if (stream != nullptr) return stream->work;
  auto& own = now().default_queues[fake::current_device];
  if (own == nullptr) own = fake::new_queue(fake::current_device);
  return own;
}
int device_of(cudaStream_t stream) { return stream == nullptr ? fake::current_device : stream->device; }

/// What fails only when it is waited for has run all the same.
cudaError_t wait_for(fake::queue& of, std::uint64_t ticket) {
  cudaError_t const injected = begin();
  fake::run_until(of, ticket);
  return injected != cudaSuccess ? injected : answer(now().broken);
}

/// A call that gives a stream work: checks, and hands it over.
cudaError_t give(cudaStream_t stream, bool valid, fake::piece_of_work work) {
  if (cudaError_t const error = begin()) return error;
  if (!valid) return answer(cudaErrorInvalidValue);
  fake::enqueue(*queue_of(stream), std::move(work));
  return cudaSuccess;
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
cudaError_t cudaPeekAtLastError() { return now().last_error; }
cudaError_t cudaGetLastError() {
  lock const held(now().mutex);
  return std::exchange(now().last_error, now().broken);
}

cudaError_t cudaGetDeviceCount(int* count) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  *count = now().devices;
  return *count > 0 ? cudaSuccess : answer(cudaErrorNoDevice);
}
cudaError_t cudaGetDevice(int* device) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  *device = fake::current_device;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  if (device < 0 || device >= now().devices) return answer(cudaErrorInvalidDevice);
  fake::current_device = device;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  if (device < 0 || device >= now().devices) return answer(cudaErrorInvalidDevice);
  *properties = {"a fake device", fake::capacity_of(device), 48 << 10, 8, 0, 4};
  return cudaSuccess;
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  lock const held(now().mutex);
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
  lock const held(now().mutex);
  cudaError_t const injected = begin();
  fake::run_all();
  return injected != cudaSuccess ? injected : answer(now().broken);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  lock const held(now().mutex);
  *stream = nullptr;
  if (cudaError_t const error = begin()) return error;
  *stream = new CUstream_st{fake::new_queue(fake::current_device), fake::current_device};
  return cudaSuccess;
}
cudaError_t cudaStreamCreate(cudaStream_t* stream) { return cudaStreamCreateWithFlags(stream, cudaStreamDefault); }
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  lock const held(now().mutex);
  if (stream == nullptr) return answer(cudaErrorInvalidResourceHandle);
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  lock const held(now().mutex);
  auto const work = queue_of(stream);
  return wait_for(*work, work->issued);
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  return queue_of(stream)->work.empty() ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaStreamGetDevice(cudaStream_t stream, int* device) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  *device = device_of(stream);
  return cudaSuccess;
}
cudaError_t cudaLaunchHostFunc(cudaStream_t stream, void (*function)(void*), void* data) {
  lock const held(now().mutex);
  return give(stream, function != nullptr, {[=] { function(data); }});
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  lock const held(now().mutex);
  *event = nullptr;
  if (cudaError_t const error = begin()) return error;
  *event = new CUevent_st{.device = fake::current_device};
  return cudaSuccess;
}
cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  lock const held(now().mutex);
  if (event == nullptr) return answer(cudaErrorInvalidResourceHandle);
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  if (device_of(stream) != event->device) return answer(cudaErrorInvalidResourceHandle);
  event->stream = queue_of(stream);
  event->ticket = event->stream->issued;
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  lock const held(now().mutex);
  CUevent_st const waited_for = *event;
  return waited_for.stream == nullptr ? begin() : wait_for(*waited_for.stream, waited_for.ticket);
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  return event->stream == nullptr || event->stream->done >= event->ticket ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  lock const held(now().mutex);
  if (event == nullptr || event->stream == nullptr) return give(stream, event != nullptr, {[] {}});
  auto const wait = [event = *event] { fake::run_until(*event.stream, event.ticket); };
  return give(stream, true, {wait, false, event->stream, event->ticket});
}

cudaError_t cudaMallocAsync(void** at, std::size_t bytes, cudaStream_t stream) {
  lock const held(now().mutex);
  return fake::allocate(at, bytes, device_of(stream));
}
cudaError_t cudaMalloc(void** at, std::size_t bytes) { return cudaMallocAsync(at, bytes, nullptr); }
cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, cudaMemPoolProps const* properties) {
  lock const held(now().mutex);
  *pool = nullptr;
  if (cudaError_t const error = begin(cudaErrorMemoryAllocation)) return error;
  *pool = new CUmemPoolHandle_st{properties->location.id};
  return cudaSuccess;
}
cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
  lock const held(now().mutex);
  if (pool == nullptr) return answer(cudaErrorInvalidValue);
  delete pool;
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr, void* value) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  return pool != nullptr && value != nullptr ? cudaSuccess : answer(cudaErrorInvalidValue);
}
cudaError_t cudaMallocFromPoolAsync(void** at, std::size_t bytes, cudaMemPool_t pool, cudaStream_t) {
  lock const held(now().mutex);
  return fake::allocate(at, bytes, pool->device);
}
cudaError_t cudaMallocHost(void** at, std::size_t bytes) {
  lock const held(now().mutex);
  return fake::allocate(at, bytes, fake::of_host);
}
cudaError_t cudaFreeAsync(void* at, cudaStream_t stream) {
  lock const held(now().mutex);
  if (at == nullptr) return cudaSuccess;
  auto const found = now().memory.find(static_cast<std::byte*>(at));
  if (found == now().memory.end() || found->second.given_back || found->second.device == fake::of_host)
    return answer(cudaErrorInvalidValue);
  found->second.given_back = true;
  fake::enqueue(*queue_of(stream), {[at] { fake::release(static_cast<std::byte*>(at)); }, true});
  return cudaSuccess;
}
cudaError_t cudaFree(void* at) {
  lock const held(now().mutex);
  cudaError_t const error = cudaFreeAsync(at, nullptr);
  fake::run_all();
  return error;
}
cudaError_t cudaFreeHost(void* at) {
  lock const held(now().mutex);
  if (at == nullptr) return cudaSuccess;
  auto const found = now().memory.find(static_cast<std::byte*>(at));
  if (found == now().memory.end() || found->second.device != fake::of_host) return answer(cudaErrorInvalidValue);
  fake::release(static_cast<std::byte*>(at));
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, void const* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  lock const held(now().mutex);
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
  lock const held(now().mutex);
  bool const valid = width <= to_pitch && width <= from_pitch && fake::fits(to, from, height > 0 ? width : 0, kind);
  return give(stream, valid, {[=] {
                for (std::size_t row = 0; row < height && width > 0; ++row)
                  std::memcpy(static_cast<std::byte*>(to) + row * to_pitch,
                              static_cast<std::byte const*>(from) + row * from_pitch, width);
              }});
}
cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  lock const held(now().mutex);
  return give(stream, fake::fits(to, bytes, true), {[=] {
                if (bytes > 0) std::memset(to, value, bytes);
              }});
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, void const* at) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin()) return error;
  auto const found = fake::allocation_of(at, 0);
  auto* const pointer = const_cast<void*>(at);
  if (found == now().memory.end())
    *attributes = {cudaMemoryTypeUnregistered, -2, nullptr, pointer};
  else if (found->second.device == fake::of_host)
    *attributes = {cudaMemoryTypeHost, 0, pointer, pointer};
  else
    *attributes = {cudaMemoryTypeDevice, found->second.device, pointer, nullptr};
  return cudaSuccess;
}

cudaError_t fake::launch(cudaLaunchConfig_t const& config, std::function<void()> body) {
  lock const held(now().mutex);
  if (cudaError_t const error = begin(cudaErrorLaunchFailure)) return error;
  if (device_of(config.stream) != current_device) return answer(cudaErrorInvalidResourceHandle);
  dim3 const grid = config.gridDim, block = config.blockDim;
  auto const within = [](std::size_t size, std::size_t most) { return size >= 1 && size <= most; };
  if (!within(std::size_t{block.x} * block.y * block.z, 1024) || !within(block.z, 64) || !within(grid.x, 0x7fffffff) ||
      !within(grid.y, 65535) || !within(grid.z, 65535))
    return answer(cudaErrorInvalidConfiguration);
  auto const run = [grid, block, body = std::move(body)] {
    cuda_on_cpu::schedule const how = now().threads;
    ++now().threads.seed;
    cuda_on_cpu::run_grid(grid, block, how, body);
  };
  enqueue(*queue_of(config.stream), {run});
  return cudaSuccess;
}
