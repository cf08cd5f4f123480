// SPDX-License-Identifier: MIT
// How the fake runtime's streams run their work and its calls fail; and what tests set and ask of it.
#include "fake_device.hpp"

#include "runtime_state.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fake {

thread_local int current_device = 0;

runtime_state& runtime() {
  static runtime_state one;
  return one;
}

cudaError_t answer(cudaError_t error) {
  if (error != cudaSuccess) runtime().last_error = error;
  return error;
}

cudaError_t begin(cudaError_t injected) {
  if (runtime().broken != cudaSuccess) return answer(runtime().broken);
  return ++runtime().calls == runtime().failing_call ? answer(injected) : cudaSuccess;
}

namespace {

void run_next(queue& of) {
  if (of.running) throw std::logic_error("a stream waits for itself");
  of.running = true;
  exposure const memory(of.device);
  auto const work = std::move(of.work.front());
  of.work.pop_front();
  try {
    if (runtime().broken == cudaSuccess || work.frees) work.run();
  } catch (std::exception const& error) {
    runtime().broken = cudaErrorLaunchFailure;
    runtime().failure = error.what();
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
  if (runtime().streams != progress::at_random || runtime().random() % 2 == 0) return;
  std::vector<std::shared_ptr<queue>> waiting;
  for (auto const& one : runtime().queues)
    if (!one->work.empty() && can_run_until(*one, one->done + 1)) waiting.push_back(one);
  if (!waiting.empty()) run_next(*waiting[runtime().random() % waiting.size()]);
}

}  // namespace

void run_until(queue& of, std::uint64_t ticket) {
  while (of.done < ticket) {
    run_some_of_any();
    if (of.done < ticket) run_next(of);
  }
}
void run_all() {
  auto const queues = runtime().queues;
  for (auto const& one : queues) run_until(*one, one->issued);
}

void enqueue(queue& into, piece_of_work work) {
  into.work.push_back(std::move(work));
  ++into.issued;
}

std::shared_ptr<queue> new_queue(int device) {
  std::erase_if(runtime().queues, [](auto const& one) { return one.use_count() == 1 && one->work.empty(); });
  runtime().queues.push_back(std::make_shared<queue>(queue{.device = device}));
  return runtime().queues.back();
}

std::shared_ptr<queue> queue_of(cudaStream_t stream) {
  if (stream != nullptr) return stream->work;
  auto& own = runtime().default_queues[current_device];
  if (own == nullptr) own = new_queue(current_device);
  return own;
}
int device_of(cudaStream_t stream) { return stream == nullptr ? current_device : stream->device; }

cudaError_t give(cudaStream_t stream, bool valid, piece_of_work work) {
  if (cudaError_t const error = begin()) return error;
  if (!valid) return answer(cudaErrorInvalidValue);
  enqueue(*queue_of(stream), std::move(work));
  return cudaSuccess;
}

void set_schedule(cuda_on_cpu::schedule const& threads, progress streams) {
  runtime().threads = threads;
  runtime().streams = streams;
  runtime().random.seed(threads.seed);
}
void set_devices(int count) { runtime().devices = count; }
std::set<int> opened_devices() { return std::exchange(runtime().opened, {}); }
void set_memory(std::size_t bytes, int device) { runtime().capacity[device] = bytes; }
void fail_at(std::uint64_t call) {
  runtime().calls = 0;
  runtime().failing_call = call;
}
bool has_failed() { return runtime().failing_call > 0 && runtime().calls >= runtime().failing_call; }
std::size_t live_allocations() {
  lock const held(runtime().mutex);
  run_all();
  return runtime().memory.size();
}
std::size_t peak_bytes(int device) {
  lock const held(runtime().mutex);
  run_all();
  return std::exchange(runtime().peak[device], bytes_on(device));
}
std::string failure() { return runtime().failure; }
void forget_failure() {
  runtime().broken = runtime().last_error = cudaSuccess;
  runtime().failure.clear();
}

}  // namespace fake
