// SPDX-License-Identifier: MIT
#pragma once

#include <census/weights/tensor.hpp>

#include <cstddef>
#include <cstring>
#include <limits>
#include <span>

namespace census::detail {

/// The nearest float32, but that what is not 0 stays so, and what is finite stays finite: whether a neuron fires does
/// not depend on rounding.
inline float nearest_float(double value) {
  using limits = std::numeric_limits<float>;
  if (value != value) return limits::quiet_NaN();
  if (value > limits::max()) return value > std::numeric_limits<double>::max() ? limits::infinity() : limits::max();
  if (value < -limits::max()) return value < -std::numeric_limits<double>::max() ? -limits::infinity() : -limits::max();
  auto const nearest = static_cast<float>(value);
  if (nearest == 0 && value != 0) return value > 0 ? limits::denorm_min() : -limits::denorm_min();
  return nearest;
}

/// Elements first .. first + into.size() - 1 of activations, in any of the types in which they are stored, as float32.
inline void read_values(tensor const& from, std::size_t first, std::span<float> into) {
  if (from.type != dtype::float64) return to_float32(from, first, into);
  for (std::size_t i = 0; i < into.size(); ++i) {
    double value = 0;
    std::memcpy(&value, from.bytes.data() + (first + i) * sizeof value, sizeof value);
    into[i] = nearest_float(value);
  }
}

}  // namespace census::detail
