// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace census::cuda {

/// The number of the device that "cuda" (the first one) or "cuda:N" names. Throws bad_input where it reads otherwise.
inline int device_number(std::string_view name) {
  int number = 0;
  std::string_view const prefix = "cuda", digits = name.substr(name.starts_with("cuda:") ? 5 : name.size());
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  bool const numbered = error == std::errc{} && end == digits.data() + digits.size() && digits.front() != '-';
  if (name == prefix || numbered) return number;
  throw bad_input("device " + std::string(name), "should read cpu, or cuda or cuda:N for a CUDA device");
}

/// What device_number reads.
inline std::string device_name(int number) { return "cuda:" + std::to_string(number); }

}  // namespace census::cuda
