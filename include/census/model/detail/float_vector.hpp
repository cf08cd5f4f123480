// SPDX-License-Identifier: MIT
#pragma once

#include <census/simd.hpp>

#include <cstddef>
#include <cstring>

namespace census::detail {

// A vector as wide as the registers that the compiler may use: wider ones it would keep in memory.
inline constexpr std::size_t vector_floats = simd::vector_bytes / sizeof(float);
using float_vector = float __attribute__((vector_size(vector_floats * sizeof(float))));

// By reference, for how vectors are returned depends on the machine's registers.
inline void load_vector(float const* from, float_vector& into) { std::memcpy(&into, from, sizeof into); }

}  // namespace census::detail
