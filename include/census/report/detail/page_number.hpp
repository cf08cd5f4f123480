// SPDX-License-Identifier: MIT
#pragma once

#include <census/parse_number.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace census::detail {

/// A number as a page shows it: of so many significant digits; a whole one without a fraction, and below 2^53 exact.
/// One below 1 stays so, for it may be a share: 0.9999.
inline nlohmann::ordered_json page_number(double value, int digits = 4) {
  constexpr double exact = 9007199254740992;  // 2^53: what JavaScript has of whole numbers
  if (std::trunc(value) == value && std::abs(value) < exact) return static_cast<std::int64_t>(value);
  std::array<char, 32> text;
  auto const [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, digits);
  double const rounded = parse_number<double>({text.data(), end}).value_or(value);
  value = value < 1 && rounded == 1 ? 1 - std::pow(10.0, -digits) : rounded;
  if (std::trunc(value) == value && std::abs(value) < exact) return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace census::detail
