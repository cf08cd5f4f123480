// SPDX-License-Identifier: MIT
#pragma once

namespace census {

/// Of this library; CMakeLists.txt reads it here.
inline constexpr char version[] = "0.1.0";

}  // namespace census
