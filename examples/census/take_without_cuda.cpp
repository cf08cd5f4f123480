// SPDX-License-Identifier: MIT
// census take --device cuda, in a program that was built without CUDA.
#include <census/error.hpp>

#include "settings.hpp"

void take_on_device(take_settings const& asked) {
  throw census::bad_input("--device " + asked.device,
                          asked.device.starts_with("cuda")
                              ? "this program was built without CUDA (CENSUS_CUDA), so it runs on the cpu alone"
                              : "should read cpu, or cuda, cuda:N, cuda:N,M,... or cuda:all for CUDA devices");
}
