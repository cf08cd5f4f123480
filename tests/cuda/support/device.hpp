// SPDX-License-Identifier: MIT
// What the tests of census::cuda ask of the runtime that they are built for: the real one, or the fake one of
// tests/cuda/emulator, which can be told how to run things and when to fail.
#pragma once

#include <cuda_runtime.h>

#if defined(CENSUS_FAKE_CUDA)
#include "../emulator/fake_device.hpp"
#endif

#include <cstddef>
#include <cstdint>

namespace census_test {

#if defined(CENSUS_FAKE_CUDA)

inline constexpr bool on_fake_device = true;

/// So many devices, while it lives.
class several_devices {
 public:
  explicit several_devices(int count) { fake::set_devices(count); }
  several_devices(several_devices const&) = delete;
  several_devices& operator=(several_devices const&) = delete;
  ~several_devices() { fake::set_devices(1); }
};

/// Calls test() once for each way in which a block's threads and the streams may take turns: two orders of threads, two
/// of streams, so many seeds of each. What is right gives the same in all of them.
template <class Test>
void in_each_schedule(Test&& test, std::uint32_t seeds = 3) {
  using cuda_on_cpu::order;
  for (order const threads : {order::in_turns, order::warp_by_warp})
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
      auto const streams = seed % 2 == 0 ? fake::progress::at_random : fake::progress::as_waited_for;
      fake::set_schedule({threads, seed * 1000}, streams);
      test();
    }
  fake::set_schedule({}, fake::progress::as_waited_for);
}

#else

inline constexpr bool on_fake_device = false;

template <class Test>
void in_each_schedule(Test&& test, std::uint32_t = 3) {
  test();
}

#endif

}  // namespace census_test
