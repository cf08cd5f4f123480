// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/parse_number.hpp>
#include <census/uint128.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace census {

/// A share as a fraction, so that no verdict hangs on rounding: 95 % is 19/20.
struct ratio {
  std::uint64_t numerator, denominator;

  /// From "19/20", "0.95" or "95%". Throws bad_input naming `place` where it is none of these or lies outside [0, 1].
  static ratio parse(std::string_view text, std::string_view place);

  double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }

  friend bool operator==(ratio const&, ratio const&) = default;
};

/// part / whole >= threshold, in integers. True where whole is 0 and so is part.
inline bool at_least(std::uint64_t part, std::uint64_t whole, ratio threshold) {
  return uint128{part} * threshold.denominator >= uint128{whole} * threshold.numerator;
}

/// The least part of a whole that is at_least such a share of it.
inline std::uint64_t least_part(std::uint64_t whole, ratio share) {
  return static_cast<std::uint64_t>((uint128{whole} * share.numerator + share.denominator - 1) / share.denominator);
}

inline ratio ratio::parse(std::string_view text, std::string_view place) {
  auto const whole_number = [](std::string_view digits, std::uint64_t& value) {
    auto const given = parse_number<std::uint64_t>(digits);
    value = given.value_or(0);
    return given && digits.size() <= 18;
  };
  std::string_view digits = text;
  ratio parsed{0, 1};
  bool understood = false;
  if (auto const slash = digits.find('/'); slash != std::string_view::npos) {
    understood = whole_number(digits.substr(0, slash), parsed.numerator) &&
                 whole_number(digits.substr(slash + 1), parsed.denominator);
  } else {
    if (digits.ends_with('%')) {
      digits.remove_suffix(1);
      parsed.denominator = 100;
    }
    std::string all(digits);
    if (auto const point = all.find('.'); point != std::string::npos) {
      std::size_t const decimals = all.size() - point - 1;
      all.erase(point, 1);
      if (decimals > 16) all.clear();  // more than is understood
      for (std::size_t i = 0; i < decimals && i < 16; ++i) parsed.denominator *= 10;
    }
    understood = whole_number(all, parsed.numerator);
  }
  if (!understood || parsed.denominator == 0 || parsed.numerator > parsed.denominator)
    throw bad_input(place, "'" + std::string(text) + "' is no share from 0 to 1 such as 19/20, 0.95 or 95%");
  return parsed;
}

}  // namespace census
