// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/parse_number.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace census::cuda {

/// The numbers of the devices that "cuda" (the first one), "cuda:N" or "cuda:N,M,..." names, in that order. Throws
/// bad_input where it reads otherwise.
inline std::vector<int> device_numbers(std::string_view name) {
  if (name == "cuda") return {0};
  std::vector<int> numbers;
  bool reads = name.starts_with("cuda:") && name.size() > 5;
  for (std::size_t first = 5; reads && first <= name.size();) {
    std::string_view const digits = name.substr(first, name.find(',', first) - first);
    auto const number = parse_number<std::uint16_t>(digits);
    reads = number.has_value();
    numbers.push_back(number.value_or(0));
    first += digits.size() + 1;
  }
  if (reads) return numbers;
  throw bad_input("device " + std::string(name),
                  "should read cpu, or cuda, cuda:N, cuda:N,M,... or cuda:all for CUDA devices");
}

/// A device as device_numbers reads it.
inline std::string device_name(int number) { return "cuda:" + std::to_string(number); }

}  // namespace census::cuda
