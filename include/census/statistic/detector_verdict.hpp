// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// Whether a neuron is a detector beyond the text at hand.
enum class detector_verdict : std::uint8_t { no, possibly, surely };

}  // namespace census
