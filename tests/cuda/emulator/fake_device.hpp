// SPDX-License-Identifier: MIT
// Test only: what tests can set and ask of the fake device behind cuda_runtime.h.
#pragma once

#include "cuda_on_cpu.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace fake {

/// When a stream's work runs: not before somebody waits for it, and then no more than that; or whenever somebody waits
/// for anything, a random part of the other streams' work too. What a missing wait lets through differs between the
/// two.
enum class progress { as_waited_for, at_random };

/// How threads and streams take turns from now on.
void set_schedule(cuda_on_cpu::schedule const& threads, progress streams);

/// How many devices there are, 1 unless told.
void set_devices(int count);

/// The devices that were made the current one, since the last call of this: CUDA opens those.
std::set<int> opened_devices();

/// Bytes of a device's memory: what passes them is refused.
void set_memory(std::size_t bytes, int device = 0);

/// Lets the n-th call from now on fail, counted from 1; 0: none. Calls that give something back never fail.
void fail_at(std::uint64_t call);

/// Whether that call has come.
bool has_failed();

/// Allocations that nobody has given back, on devices and of pinned memory; the work of all streams is run first.
std::size_t live_allocations();

/// Most bytes that were allocated at one time on a device, since the last call of this.
std::size_t peak_bytes(int device = 0);

/// Why a kernel failed, empty where none did; from then on every call fails, until forget_failure().
std::string failure();
void forget_failure();

}  // namespace fake
