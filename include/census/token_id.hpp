// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// A token's number in its model's vocabulary, 0 <= id < vocabulary size.
using token_id = std::uint32_t;

}  // namespace census
