// SPDX-License-Identifier: MIT
// Kernels of the tests' own, right ones and wrong ones: what the emulator runs, and what it refuses.
#include "cuda_on_cpu.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace {

using cuda_on_cpu::order;
constexpr unsigned all_lanes = ~0u;

void run(dim3 grid, dim3 block, cuda_on_cpu::schedule how, std::function<void()> const& kernel) {
  cuda_on_cpu::run_grid(grid, block, how, kernel);
}

/// What the emulator says of a kernel of one block that it refuses; empty where it runs.
std::string complaint(unsigned threads, std::function<void()> const& kernel, order threads_order = order::in_turns) {
  try {
    run(1, threads, {threads_order, 1}, kernel);
    return "";
  } catch (std::logic_error const& error) {
    return error.what();
  }
}

/// The sum over a block through shared memory, with and without a barrier.
void sum_of_block(std::uint32_t* sums, bool with_barrier) {
  __shared__ std::uint32_t of_warp[4];
  unsigned const total = __reduce_add_sync(all_lanes, threadIdx.x);
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = total;
  if (with_barrier) __syncthreads();
  sums[threadIdx.x] = of_warp[0] + of_warp[1] + of_warp[2] + of_warp[3];
  __syncthreads();
  if (threadIdx.x < 4) of_warp[threadIdx.x] = 1000;  // what the next block finds
}

bool sums_are_right(bool with_barrier, cuda_on_cpu::schedule how) {
  std::vector<std::uint32_t> sums(128);
  run(2, 128, how, [&] { sum_of_block(sums.data(), with_barrier); });
  return sums == std::vector<std::uint32_t>(128, 127 * 64);
}

}  // namespace

TEST_CASE("a kernel with its barriers is right in every schedule, and without one it is wrong in both orders") {
  for (order const threads : {order::in_turns, order::warp_by_warp})
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      CHECK(sums_are_right(true, {threads, seed}));
      CHECK_FALSE(sums_are_right(false, {threads, seed}));
    }
}

TEST_CASE("seeds differ in the order of blocks, warps and lanes") {
  std::set<std::vector<unsigned>> orders;
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    std::vector<unsigned> ran;
    run(3, 64, {order::warp_by_warp, seed}, [&] { ran.push_back(blockIdx.x * 64 + threadIdx.x); });
    CHECK(ran.size() == 192);
    orders.insert(ran);
  }
  CHECK(orders.size() == 4);
}

TEST_CASE("threads know their place in a block and a grid of three dimensions") {
  std::set<std::vector<unsigned>> places;
  run({2, 3, 2}, {4, 2, 3}, {}, [&] {
    CHECK((gridDim.x == 2 && gridDim.y == 3 && gridDim.z == 2 && blockDim.x == 4 && blockDim.y == 2));
    places.insert({blockIdx.x, blockIdx.y, blockIdx.z, threadIdx.x, threadIdx.y, threadIdx.z});
  });
  CHECK(places.size() == 12 * 24);
}

TEST_CASE("votes, shuffles and sums of a warp give what CUDA defines, for whole warps and for masks") {
  run(1, 64, {order::in_turns, 3}, [] {
    unsigned const lane = threadIdx.x % 32;
    CHECK(__ballot_sync(all_lanes, lane % 3 == 0) == 0x49249249u);
    CHECK(__any_sync(all_lanes, lane == 31) == 1);
    CHECK(__any_sync(all_lanes, lane == 32) == 0);
    CHECK(__all_sync(all_lanes, lane < 32) == 1);
    CHECK(__all_sync(all_lanes, lane < 31) == 0);
    CHECK(__shfl_sync(all_lanes, lane * 2.5f, 34) == 5.f);
    CHECK(__shfl_xor_sync(all_lanes, lane, 5) == (lane ^ 5u));
    CHECK(__shfl_down_sync(all_lanes, lane, 3) == (lane + 3 < 32 ? lane + 3 : lane));
    CHECK(__shfl_up_sync(all_lanes, lane, 3) == (lane >= 3 ? lane - 3 : lane));
    if (lane < 4) {
      CHECK(__reduce_add_sync(0xfu, lane) == 6);
      CHECK(__reduce_max_sync(0xfu, lane) == 3);
      CHECK(__reduce_min_sync(0xfu, lane + 2) == 2);
      CHECK(__reduce_or_sync(0xfu, 1u << lane) == 15);
      CHECK(__ballot_sync(0xfu, 1) == 15);
      CHECK(__all_sync(0xfu, 1) == 1);
    }
    __syncwarp();
    CHECK(__syncthreads_count(lane == 7) == 2);
    CHECK(__syncthreads_or(threadIdx.x == 40) == 1);
  });
}

TEST_CASE("atomics return what was there") {
  std::uint32_t sum = 5, least = 50, most = 3, bits = 0;
  std::set<std::uint32_t> before;
  run(2, 32, {}, [&] {
    before.insert(atomicAdd(&sum, 1u));
    atomicMin(&least, threadIdx.x + 7);
    atomicMax(&most, threadIdx.x);
    atomicOr(&bits, 1u << threadIdx.x);
  });
  CHECK(before.size() == 64);
  CHECK((sum == 69 && least == 7 && most == 31 && bits == all_lanes));
}

TEST_CASE("threads that wait for ever are named") {
  CHECK(complaint(64, [] {
          if (threadIdx.x != 3) __syncthreads();
        }) == "deadlock: 1 threads have ended, 63 wait at __syncthreads");
  CHECK(complaint(32, [] {
          if (threadIdx.x != 3) __ballot_sync(all_lanes, 1);
        }) == "deadlock: 1 threads have ended, 31 wait at __ballot_sync");
  CHECK(complaint(
            32, [] { threadIdx.x < 16 ? __syncthreads() : __syncwarp(); }, order::warp_by_warp) ==
        "deadlock: 0 threads have ended, 16 wait at __syncthreads, 16 wait at __syncwarp");
}

TEST_CASE("lanes of one mask that wait at different operations, or with different masks, are refused") {
  CHECK_THAT(complaint(32, [] { threadIdx.x < 16 ? __syncwarp() : void(__ballot_sync(all_lanes, 1)); }),
             Catch::Contains("another lane of the mask waits at"));
  CHECK_THAT(complaint(32, [] { __syncwarp(threadIdx.x < 16 ? all_lanes : 0xfffffffeu); }),
             Catch::Contains("with another mask"));
  CHECK(complaint(32, [] { __syncwarp(1u); }) == "__syncwarp: a lane calls with a mask that leaves it out");
  CHECK(complaint(32, [] {
          if (threadIdx.x < 16) __shfl_sync(0xffffu, 1, 20);
        }) == "__shfl*_sync: reads a lane that its mask leaves out");
  CHECK(complaint(16, [] { __syncwarp(); }) == "__syncwarp: the mask names a lane that the block does not have");
}

TEST_CASE("after a kernel that was refused, or that threw, others run") {
  CHECK_THROWS_WITH(run(1, 64, {},
                        [] {
                          if (threadIdx.x == 40) throw std::runtime_error("thrown by a thread");
                        }),
                    "thrown by a thread");
  CHECK(complaint(64, [] {
          if (threadIdx.x > 0) __syncthreads();
        }) != "");
  CHECK(sums_are_right(true, {}));
  CHECK_THROWS_WITH(__syncthreads(), "device code runs outside of a kernel");
}

TEST_CASE("every number of half precision and of bfloat16 survives a way through float32") {
  bool half = true, bfloat = true;
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    __half const h{static_cast<std::uint16_t>(bits)};
    float const of_half = __half2float(h);
    half &= of_half != of_half ? (bits & 0x7fffu) > 0x7c00u : __float2half_rn(of_half).bits == bits;
    __nv_bfloat16 const b{static_cast<std::uint16_t>(bits)};
    float const of_bfloat = __bfloat162float(b);
    bfloat &= of_bfloat != of_bfloat ? (bits & 0x7fffu) > 0x7f80u : __float2bfloat16_rn(of_bfloat).bits == bits;
  }
  CHECK(half);
  CHECK(bfloat);
}

TEST_CASE("what lies between two numbers of half precision or of bfloat16 is rounded to the nearest, ties to even") {
  for (std::uint16_t const lower : {0x0000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0x3c01, 0x7bfe}) {
    auto const upper = static_cast<std::uint16_t>(lower + 1);
    float const low = __half2float({lower}), high = __half2float({upper}), middle = low / 2 + high / 2;
    CHECK(__float2half_rn(middle).bits == (lower % 2 == 0 ? lower : upper));
    CHECK(__float2half_rn(std::nextafter(middle, low)).bits == lower);
    CHECK(__float2half_rn(std::nextafter(middle, high)).bits == upper);
    CHECK(__float2half_rn(-std::nextafter(middle, high)).bits == (upper | 0x8000));
    float const b_low = __bfloat162float({lower}), b_high = __bfloat162float({upper}), tie = b_low / 2 + b_high / 2;
    CHECK(__float2bfloat16_rn(tie).bits == (lower % 2 == 0 ? lower : upper));
    CHECK(__float2bfloat16_rn(std::nextafter(tie, b_high)).bits == upper);
    CHECK(__float2bfloat16_rn(std::nextafter(tie, b_low)).bits == lower);
  }
  CHECK(__float2half_rn(65519.f).bits == 0x7bff);
  CHECK(__float2half_rn(65520.f).bits == 0x7c00);
  CHECK(__float2half_rn(-std::numeric_limits<float>::infinity()).bits == 0xfc00);
}
