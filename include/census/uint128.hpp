// SPDX-License-Identifier: MIT
#pragma once

namespace census {

/// An unsigned integer of 128 bits, for products of two counts. `__extension__` keeps -Wpedantic quiet about a type
/// that the standard does not have.
__extension__ typedef unsigned __int128 uint128;

}  // namespace census
