// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace census {

/// The answer to a question of which the text at hand may say too little: whether a neuron is a detector, say.
enum class verdict : std::uint8_t { no, undecided, yes };
constexpr std::size_t enumerators(verdict) { return 3; }

/// As results name it: no, possibly, surely.
constexpr std::string_view name_of(verdict v) {
  constexpr std::array<std::string_view, 3> names{"no", "possibly", "surely"};
  return names[static_cast<std::size_t>(v)];
}

}  // namespace census
