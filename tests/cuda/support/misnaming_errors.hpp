// SPDX-License-Identifier: MIT
// Test only: which device the errors of the fake one name.
#pragma once

#include <census/cuda/error.hpp>

#include <cuda/support/device.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#if defined(CENSUS_FAKE_CUDA)

namespace census_test {

/// Lets the first call of the runtime within attempt() fail, then the second, and so on: the messages that name another
/// device than this one, of calls behind the choice of a device. `failures` counts all of them.
template <class Attempt>
std::vector<std::string> misnaming_errors(int device, std::size_t& failures, Attempt attempt) {
  std::vector<std::string> misnaming;
  for (std::uint64_t call = 1;; ++call) {
    std::string message;
    fake::fail_at(call);
    try {
      attempt();
    } catch (census::cuda::device_error const& error) {
      message = error.what();
    }
    bool const failed = fake::has_failed();
    fake::fail_at(0);
    if (!failed) return misnaming;
    if (message.empty()) continue;  // of a destructor
    ++failures;
    bool const chooses =
        message.find("cudaGetDevice ") != std::string::npos || message.find("cudaSetDevice ") != std::string::npos;
    if (!chooses && !message.starts_with("CUDA device " + std::to_string(device) + ": ")) misnaming.push_back(message);
  }
}

}  // namespace census_test

#endif
