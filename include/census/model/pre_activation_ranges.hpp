// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/pre_activation_range.hpp>
#include <census/model/architecture.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model.hpp>
#include <census/parallel_loop.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace census {

/// What can reach each neuron of a layer [neuron], whatever the text. fc1 reads a layer norm's output: the
/// feed-forward block's own norm, or attention's where norms come after the addition.
inline std::vector<pre_activation_range> pre_activation_ranges(architecture const& a, layer_weights const& layer) {
  bool const own = a.norms.stands == norm_settings::place::before;
  auto const& gain = own ? layer.ffn_gain : layer.attention_gain;
  auto const& shift = own ? layer.ffn_bias : layer.attention_bias;
  constexpr std::size_t at_once = 16;  // neurons whose weights share a cache line
  std::vector<pre_activation_range> ranges(a.ffn_size);
  parallel_loop(std::size_t{0}, (a.ffn_size + at_once - 1) / at_once, [&](std::size_t part) {
    std::size_t const first = part * at_once, count = std::min(at_once, a.ffn_size - first);
    padded_matrix turned(count, a.hidden_size);
    for (std::size_t i = 0; i < a.hidden_size; ++i)
      for (std::size_t n = 0; n < count; ++n) turned.row(n)[i] = layer.fc1.row(i)[first + n];
    for (std::size_t n = 0; n < count; ++n)
      ranges[first + n] =
          range_of_pre_activation(turned.row(n), layer.fc1_bias.row(0)[first + n], gain.row(0), shift.row(0));
  });
  return ranges;
}

/// The same of a model's layer, whose weights are read for it.
inline std::vector<pre_activation_range> pre_activation_ranges(model const& m, std::size_t layer) {
  layer_weights read;
  m.weights().load(layer, false, read);
  return pre_activation_ranges(m.architecture(), read);
}

}  // namespace census
