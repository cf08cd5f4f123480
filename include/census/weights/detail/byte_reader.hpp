// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// Reads little-endian numbers and stretches of bytes from an untrusted file, one after the other. Throws bad_input
/// where fewer are left than asked for: `place` names the file, `what` the part of it that is cut short.
class byte_reader {
 public:
  byte_reader(std::span<std::byte const> bytes, std::string place, std::string what)
      : bytes_(bytes), place_(std::move(place)), what_(std::move(what)) {}

  std::size_t left() const { return bytes_.size(); }

  std::span<std::byte const> take(std::uint64_t count) {
    if (count > bytes_.size()) throw bad_input(place_, what_ + " is cut short");
    auto const taken = bytes_.first(static_cast<std::size_t>(count));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

  std::string_view text(std::uint64_t count) {
    auto const taken = take(count);
    return {reinterpret_cast<char const*>(taken.data()), taken.size()};
  }

  /// The text up to the next line feed, which is read too.
  std::string_view line() {
    auto const text = std::string_view(reinterpret_cast<char const*>(bytes_.data()), bytes_.size());
    auto const end = text.find('\n');
    if (end == std::string_view::npos) throw bad_input(place_, what_ + " is cut short");
    take(end + 1);
    return text.substr(0, end);
  }

  template <std::unsigned_integral Number>
  Number number() {
    auto const taken = take(sizeof(Number));
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(Number); i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(taken[i]);
    return static_cast<Number>(value);
  }

 private:
  std::span<std::byte const> bytes_;
  std::string place_, what_;
};

}  // namespace census
