// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <string>

namespace census {

/// A number as text: the shortest that reads back as the same number, whatever the locale.
template <class Number>
requires std::integral<Number> || std::floating_point<Number> std::string number(Number value) {
  std::array<char, 32> digits;
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

}  // namespace census
