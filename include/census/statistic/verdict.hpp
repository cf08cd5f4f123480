// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace census {

/// The answer to a question of which the text at hand may say too little: whether a neuron is a detector, say.
enum class verdict : std::uint8_t { no, undecided, yes };

/// As results call it.
inline std::string_view name_of(verdict one) {
  constexpr std::string_view names[] = {"no", "possibly", "surely"};
  return names[static_cast<std::size_t>(one)];
}

}  // namespace census
