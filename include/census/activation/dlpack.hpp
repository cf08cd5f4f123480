// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/activation/dlpack_tensor.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/stored_float.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace census {

/// Activations [..., neuron] that another library lends in host memory, all dimensions but the last as rows. float32 is
/// shared, and given back when the last copy is gone; float16 and bfloat16 are copied as float32, and given back at
/// once, as is what is refused. Throws bad_input where the tensor lies on a device, and as read_dlpack does.
template <dlpack_tensor M>
activation_values values_of(M* tensor) {
  std::shared_ptr<M> const lent(tensor, give_back{});
  lent_activations const here = read_dlpack(*tensor);
  constexpr int host = 1, page_locked = 3;  // DLDeviceType
  if (here.device_type != host && here.device_type != page_locked)
    detail::refuse_dlpack("lies on a device; census::cuda reads those of CUDA");
  if (here.type == stored_float::float32)
    return {std::shared_ptr<float const[]>(lent, static_cast<float const*>(here.data)), here.rows, here.neurons,
            here.leading_dimension};

  std::vector<float> values;
  values.reserve(here.rows * here.neurons);
  for (std::size_t row = 0; row < here.rows; ++row)
    for (std::size_t n = 0; n < here.neurons; ++n) {
      std::uint16_t bits = 0;
      std::memcpy(&bits, static_cast<char const*>(here.data) + 2 * (row * here.leading_dimension + n), sizeof bits);
      values.push_back(here.type == stored_float::float16 ? from_float16(bits) : from_bfloat16(bits));
    }
  return {std::move(values), here.neurons};
}

/// A block from a tensor, the same way. Throws as values_of does; bad_input naming layer, row and neuron where a value
/// is NaN; std::invalid_argument where the text has another number of rows.
template <dlpack_tensor M, firing_predicate Fires = fires_above>
block make_block(std::uint32_t layer, shared_text text, M* tensor, Fires const& fires = {}) {
  return make_block(layer, std::move(text), values_of(tensor), fires);
}

}  // namespace census
