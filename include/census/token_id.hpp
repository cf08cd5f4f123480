// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// A token's number in its model's vocabulary, 0 <= id < vocabulary size.
using token_id = std::uint32_t;

/// Stands where a text does not tell the token: no vocabulary has this id.
inline constexpr token_id no_token = ~token_id{0};

}  // namespace census
