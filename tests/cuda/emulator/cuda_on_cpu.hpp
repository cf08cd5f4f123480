// SPDX-License-Identifier: MIT
// Test only: CUDA C++ kernels, compiled by a C++ compiler, run on the CPU. The part of the language that census's
// kernels are written in; what they begin to use is added here.
//
// Runs: threadIdx and its like, static __shared__ arrays, barriers, warp votes, shuffles and sums, atomics, half
// precision. Shared memory is what the block before left in it. Refuses a barrier or warp operation that some thread
// never reaches, and lanes of one mask that wait at different operations. Proves nothing of the memory model within a
// warp, of limits of a launch, of registers, of speed or of what nvcc makes of a kernel.
#pragma once

#include "half.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <stdexcept>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ static

struct dim3 {
  constexpr dim3(unsigned of_x = 1, unsigned of_y = 1, unsigned of_z = 1) : x(of_x), y(of_y), z(of_z) {}
  unsigned x, y, z;
};
inline dim3 threadIdx, blockIdx, blockDim, gridDim;

struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

namespace cuda_on_cpu {

/// Who runs when several threads of a block could: each in its turn, or one warp as far as it can go before the next.
/// What a missing barrier lets through differs between the two.
enum class order { in_turns, warp_by_warp };

/// A kernel that is right gives the same result for every order and every seed.
struct schedule {
  order threads = order::in_turns;
  std::uint32_t seed = 1;
};

/// Runs a kernel, body(), once a thread, block by block in an order drawn from the seed. Throws std::logic_error where
/// threads wait for ever, or lanes of one mask wait at different operations.
void run_grid(dim3 grid, dim3 block, schedule const& how, std::function<void()> const& body);

inline constexpr unsigned warp_size = 32;
using lanes = std::array<std::uint64_t, warp_size>;

/// What a warp's lanes, or a block's threads, wait for one another at.
enum class meeting { none, syncthreads, syncwarp, ballot, any, all, shuffle, reduce };

/// Called by a thread: waits until every lane of the mask is here, and gives what each brought.
lanes const& meet_warp(unsigned mask, std::uint64_t value, meeting at);

/// Called by a thread: waits until every thread of the block is here; gives the sum of what they brought.
std::uint64_t meet_block(std::uint64_t value = 0);

/// The calling thread's.
unsigned lane();

template <class T>
std::uint64_t to_bits(T value) {
  static_assert(sizeof(T) <= 8);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}
template <class T>
T from_bits(std::uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// What lane `from` brings to a shuffle; a lane from 32 on gives the caller's own value back.
template <class T>
T shuffle(unsigned mask, T value, unsigned from) {
  auto const& all = meet_warp(mask, to_bits(value), meeting::shuffle);
  if (from >= warp_size) return value;
  if ((mask >> from & 1u) == 0) throw std::logic_error("__shfl*_sync: reads a lane that its mask leaves out");
  return from_bits<T>(all[from]);
}

template <class T, class Combine>
T reduce(unsigned mask, T value, Combine combine) {
  auto const& all = meet_warp(mask, to_bits(value), meeting::reduce);
  bool first = true;
  T total{};
  for (unsigned lane = 0; lane < warp_size; ++lane)
    if ((mask >> lane & 1u) != 0) {
      total = first ? from_bits<T>(all[lane]) : combine(total, from_bits<T>(all[lane]));
      first = false;
    }
  return total;
}

inline unsigned votes(unsigned mask, bool predicate, meeting at) {
  auto const& all = meet_warp(mask, predicate ? 1 : 0, at);
  unsigned bits = 0;
  for (unsigned lane = 0; lane < warp_size; ++lane) bits |= static_cast<unsigned>(all[lane]) << lane;
  return bits;  // lanes that the mask leaves out brought nothing
}

template <class T, class Update>
T update(T* at, Update change) {
  T const before = *at;
  *at = change(before);
  return before;
}

}  // namespace cuda_on_cpu

inline void __syncthreads() { cuda_on_cpu::meet_block(); }
inline int __syncthreads_count(int predicate) {
  return static_cast<int>(cuda_on_cpu::meet_block(predicate != 0 ? 1 : 0));
}
inline int __syncthreads_or(int predicate) { return __syncthreads_count(predicate) != 0 ? 1 : 0; }

inline void __syncwarp(unsigned mask = ~0u) { cuda_on_cpu::meet_warp(mask, 0, cuda_on_cpu::meeting::syncwarp); }
inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return cuda_on_cpu::votes(mask, predicate != 0, cuda_on_cpu::meeting::ballot);
}
inline int __any_sync(unsigned mask, int predicate) {
  return cuda_on_cpu::votes(mask, predicate != 0, cuda_on_cpu::meeting::any) != 0 ? 1 : 0;
}
inline int __all_sync(unsigned mask, int predicate) {
  return cuda_on_cpu::votes(mask, predicate != 0, cuda_on_cpu::meeting::all) == mask ? 1 : 0;
}

template <class T>
T __shfl_sync(unsigned mask, T value, int from) {
  return cuda_on_cpu::shuffle(mask, value, static_cast<unsigned>(from) % 32);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int with) {
  return cuda_on_cpu::shuffle(mask, value, cuda_on_cpu::lane() ^ static_cast<unsigned>(with));
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned by) {
  return cuda_on_cpu::shuffle(mask, value, cuda_on_cpu::lane() + by);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned by) {
  return cuda_on_cpu::shuffle(mask, value, cuda_on_cpu::lane() - by);
}

inline unsigned __reduce_add_sync(unsigned mask, unsigned value) {
  return cuda_on_cpu::reduce(mask, value, [](unsigned a, unsigned b) { return a + b; });
}
inline unsigned __reduce_or_sync(unsigned mask, unsigned value) {
  return cuda_on_cpu::reduce(mask, value, [](unsigned a, unsigned b) { return a | b; });
}
inline unsigned __reduce_min_sync(unsigned mask, unsigned value) {
  return cuda_on_cpu::reduce(mask, value, [](unsigned a, unsigned b) { return a < b ? a : b; });
}
inline unsigned __reduce_max_sync(unsigned mask, unsigned value) {
  return cuda_on_cpu::reduce(mask, value, [](unsigned a, unsigned b) { return a < b ? b : a; });
}

template <class T>
T atomicAdd(T* at, T value) {
  return cuda_on_cpu::update(at, [=](T before) { return static_cast<T>(before + value); });
}
template <class T>
T atomicMin(T* at, T value) {
  return cuda_on_cpu::update(at, [=](T before) { return value < before ? value : before; });
}
template <class T>
T atomicMax(T* at, T value) {
  return cuda_on_cpu::update(at, [=](T before) { return before < value ? value : before; });
}
template <class T>
T atomicOr(T* at, T value) {
  return cuda_on_cpu::update(at, [=](T before) { return static_cast<T>(before | value); });
}

inline int __popc(unsigned value) { return std::popcount(value); }
inline int __clz(int value) { return std::countl_zero(static_cast<unsigned>(value)); }
inline int __ffs(int value) { return value == 0 ? 0 : std::countr_zero(static_cast<unsigned>(value)) + 1; }
inline int __float_as_int(float value) { return std::bit_cast<int>(value); }
inline float __int_as_float(int value) { return std::bit_cast<float>(value); }
inline unsigned __float_as_uint(float value) { return std::bit_cast<unsigned>(value); }
inline float __uint_as_float(unsigned value) { return std::bit_cast<float>(value); }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float rsqrtf(float value) { return 1 / std::sqrt(value); }
template <class T>
T __ldg(T const* at) {
  return *at;
}
