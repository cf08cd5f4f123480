// SPDX-License-Identifier: MIT
#pragma once

#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <cstddef>
#include <string>

namespace census::detail {

/// Of a recording's arrays: so many sequences of so many positions each, padding included.
struct recorded_shape {
  std::size_t batch, positions;

  friend bool operator==(recorded_shape const&, recorded_shape const&) = default;
};

/// The shape of activations [batch, position, neuron], or [token, neuron] of which each sequence has so many tokens (0:
/// they are one). Throws bad_input naming file and tensor where they are of another shape, or of a type that is not
/// read.
inline recorded_shape shape_of_activations(tensor const& values, std::size_t sequence_length) {
  if (!is_readable(values.type) && values.type != dtype::float64)
    refuse_tensor(values, std::string("is of type ") + name_of(values.type) +
                              ", where activations are float32, float16, bfloat16 or float64");
  auto const& shape = values.shape;
  if (shape.size() != 2 && shape.size() != 3)
    refuse_tensor(values, "has " + std::to_string(shape.size()) +
                              " dimensions, where activations are [batch, position, neuron] or [token, neuron]");
  if (values.elements() == 0) refuse_tensor(values, "holds no activation");
  if (shape.size() == 3) {
    if (sequence_length != 0 && sequence_length != shape[1])
      refuse_tensor(values, "has sequences of " + std::to_string(shape[1]) + " positions, not of " +
                                std::to_string(sequence_length));
    return {shape[0], shape[1]};
  }
  std::size_t const length = sequence_length == 0 ? shape[0] : sequence_length;
  if (shape[0] % length != 0)
    refuse_tensor(values, "has " + std::to_string(shape[0]) + " tokens, which are no whole number of sequences of " +
                              std::to_string(length));
  return {shape[0] / length, length};
}

}  // namespace census::detail
