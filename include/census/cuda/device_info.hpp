// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/device_name.hpp>
#include <census/cuda/error.hpp>
#include <census/error.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace census::cuda {

/// What is known of a device and of the libraries that reach it.
struct device_info {
  int number = 0;                       ///< as the runtime counts them, from 0
  std::string name = {};                ///< the card's
  std::string compute_capability = {};  ///< "9.0"
  std::uint64_t memory = 0;             ///< bytes of the card's memory,
  std::uint64_t free = 0;               ///< and of those that nobody uses
  std::string driver = {},
              runtime = {};  ///< versions of CUDA: the newest that the driver runs, and that of the runtime
};

/// "13.0" of the number 13000 by which CUDA names its versions.
inline std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// Throws bad_input naming the device where this machine has none of that number.
inline void check_device(int number) {
  int devices = 0;
  auto const error = cudaGetDeviceCount(&devices);
  if (error != cudaSuccess) cudaGetLastError();  // which the runtime would tell again
  if (error != cudaSuccess || devices == 0)
    throw bad_input("device " + device_name(number),
                    "this machine has no CUDA device that can be used" +
                        (error == cudaSuccess ? std::string() : ": " + detail::describe(error)));
  if (number < 0 || number >= devices)
    throw bad_input("device " + device_name(number), "this machine has " + device_name(0) +
                                                         (devices == 1 ? " alone" : " to " + device_name(devices - 1)));
}

/// Asks the runtime. Throws bad_input where there is no such device, device_error where the runtime fails.
inline device_info describe_device(int number) {
  check_device(number);
  detail::current_device const here(number);
  device_info info{.number = number};
  cudaDeviceProp properties{};
  detail::check(cudaGetDeviceProperties(&properties, number), "cudaGetDeviceProperties");
  info.name = properties.name;
  info.compute_capability = std::to_string(properties.major) + "." + std::to_string(properties.minor);
  std::size_t free = 0, all = 0;
  detail::check(cudaMemGetInfo(&free, &all), "cudaMemGetInfo");
  info.memory = all, info.free = free;
  int version = 0;
  detail::check(cudaDriverGetVersion(&version), "cudaDriverGetVersion");
  info.driver = version_text(version);
  detail::check(cudaRuntimeGetVersion(&version), "cudaRuntimeGetVersion");
  info.runtime = version_text(version);
  return info;
}

}  // namespace census::cuda
