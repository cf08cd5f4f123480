// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <string>

namespace census {

/// Appends a number as text: the shortest that reads back as the same number, whatever the locale.
template <class Number>
requires std::integral<Number> || std::floating_point<Number>
void append_number(std::string& text, Number value) {
  std::array<char, 32> digits;
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

/// A number as text, likewise.
template <class Number>
requires std::integral<Number> || std::floating_point<Number> std::string number(Number value) {
  std::string text;
  append_number(text, value);
  return text;
}

}  // namespace census
