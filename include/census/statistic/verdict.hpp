// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// The answer to a question of which the text at hand may say too little: whether a neuron is a detector, say.
enum class verdict : std::uint8_t { no, undecided, yes };

}  // namespace census
