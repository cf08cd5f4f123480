// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/parallel_loop.hpp>
#include <census/tabulation/kept_layer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace census {

namespace detail {

/// Whether neurons[i] and the 63 behind it are those of a whole word, in order, and become one.
inline bool are_a_word(std::span<std::uint32_t const> neurons, std::size_t i) {
  if (i % 64 != 0 || neurons.size() - i < 64 || neurons[i] % 64 != 0) return false;
  for (std::uint32_t k = 0; k < 64; ++k)
    if (neurons[i + k] != neurons[i] + k) return false;
  return true;
}

}  // namespace detail

/// The firings of some neurons alone, in the order given: neuron i of the result is neurons[i] of the layer. In memory,
/// 8 bytes a token for every 64 of them. Throws std::invalid_argument for a neuron that the layer has not, bad_input
/// where firings lie in a file that cannot be read.
inline kept_layer select_neurons(kept_layer const& layer, std::span<std::uint32_t const> neurons) {
  for (std::uint32_t const neuron : neurons)
    if (neuron >= layer.neurons())
      throw std::invalid_argument("census::select_neurons: there is no neuron " + std::to_string(neuron) +
                                  ", the layer has " + std::to_string(layer.neurons()));
  std::size_t const words = packed_firings::words_for(neurons.size());
  kept_layer selected(neurons.size());
  std::vector<packed_firings> firings(layer.parts().size());
  parallel_loop(std::size_t{0}, firings.size(), [&](std::size_t p) {
    kept_layer::part const& part = layer.parts()[p];
    std::size_t const rows = part.text->tokens.size();
    std::shared_ptr<std::uint64_t[]> bits(new std::uint64_t[rows * words]());
    std::vector<std::uint64_t> column(rows);
    std::size_t word_read = layer.words_per_row();  // none
    for (std::size_t i = 0; i < neurons.size(); ++i) {
      if (neurons[i] / 64 != word_read) {
        word_read = neurons[i] / 64;
        kept_layer::read(part, word_read, 1, column);
      }
      if (detail::are_a_word(neurons, i)) {
        for (std::size_t row = 0; row < rows; ++row) bits[row * words + i / 64] = column[row];
        i += 63;
        continue;
      }
      for (std::size_t row = 0; row < rows; ++row)
        bits[row * words + i / 64] |= (column[row] >> neurons[i] % 64 & 1) << i % 64;
    }
    firings[p] = {std::move(bits), rows, neurons.size()};
  });
  for (std::size_t p = 0; p < firings.size(); ++p) selected.add({layer.parts()[p].text, std::move(firings[p])});
  return selected;
}

}  // namespace census
