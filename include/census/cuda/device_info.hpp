// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/device_name.hpp>
#include <census/cuda/error.hpp>
#include <census/error.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

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

/// How many devices this machine has. Throws bad_input naming what was asked for where it has none.
inline int count_devices(std::string const& asked) {
  int devices = 0;
  auto const error = cudaGetDeviceCount(&devices);
  if (error != cudaSuccess) cudaGetLastError();  // which the runtime would tell again
  if (error != cudaSuccess || devices == 0)
    throw bad_input("device " + asked, "this machine has no CUDA device that can be used" +
                                           (error == cudaSuccess ? std::string() : ": " + detail::describe(error)));
  return devices;
}

/// Throws bad_input naming the device where this machine has none of that number.
inline void check_device(int number) {
  int const devices = count_devices(device_name(number));
  if (number < 0 || number >= devices)
    throw bad_input("device " + device_name(number), "this machine has " + device_name(0) +
                                                         (devices == 1 ? " alone" : " to " + device_name(devices - 1)));
}

/// Throws bad_input where this machine has not all of these devices or one is named twice, std::invalid_argument where
/// none is named.
inline void check_devices(std::span<int const> numbers) {
  if (numbers.empty()) throw std::invalid_argument("census::cuda: no device is named");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    check_device(numbers[i]);
    if (std::ranges::count(numbers.first(i), numbers[i]) > 0)
      throw bad_input("device " + device_name(numbers[i]), "is named twice");
  }
}

/// The numbers of the devices that a name stands for: as device_numbers reads it, or all for "cuda:all". Throws
/// bad_input where it reads otherwise, where this machine has not all of them, and where one is named twice.
inline std::vector<int> devices_named(std::string const& name) {
  if (name != "cuda:all") {
    auto const numbers = device_numbers(name);
    check_devices(numbers);
    return numbers;
  }
  std::vector<int> all(static_cast<std::size_t>(count_devices(name)));
  std::iota(all.begin(), all.end(), 0);
  return all;
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

/// The same of several devices. Throws as check_devices does, too.
inline std::vector<device_info> describe_devices(std::span<int const> numbers) {
  check_devices(numbers);
  std::vector<device_info> all;
  for (int const number : numbers) all.push_back(describe_device(number));
  return all;
}

}  // namespace census::cuda
