// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activating_input.hpp>
#include <census/activation/block.hpp>
#include <census/activation/text_rows.hpp>
#include <census/model/layers.hpp>
#include <census/model/model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// Runs the ids of each activating_input through the model, a sequence of their own, and gives its neuron's
/// pre-activation at the last [activating_input]: above 0 where they do awaken it. Nothing but the ids is taken from
/// the activating_input. One pass, layer by layer, up to the highest that is asked for. Throws bad_input where the
/// model has no such token or position, std::invalid_argument where it has no such neuron or there are no ids.
inline std::vector<float> replay(model const& m, std::span<activating_input const> activating_inputs) {
  constexpr std::size_t rows_at_once = 8192;
  layer_range asked{m.architecture().layers, 0};
  std::vector<shared_text> texts;
  text_rows text;
  for (std::size_t i = 0; i < activating_inputs.size(); ++i) {
    auto const& [layer, neuron, ids, value, found_by] = activating_inputs[i];
    if (ids.empty() || neuron >= m.architecture().ffn_size || layer >= m.architecture().layers)
      throw std::invalid_argument("census::replay: no ids, or the model has no such neuron");
    asked = {std::min<std::size_t>(asked.first, layer), std::max(asked.last, layer + std::size_t{1})};
    if (!text.tokens.empty() && text.tokens.size() + ids.size() > rows_at_once)
      texts.push_back(share(std::exchange(text, {})));
    text.sequences.push_back({.document = i,
                              .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                              .length = static_cast<std::uint32_t>(ids.size())});
    text.tokens.insert(text.tokens.end(), ids.begin(), ids.end());
  }
  if (activating_inputs.empty()) return {};
  texts.push_back(share(std::move(text)));

  std::vector<float> values(activating_inputs.size());
  for (auto&& layer : layers(m, texts, {.layers = asked, .keep_values = pre_activations}))
    for (block const& block : layer)
      for (sequence const& s : block.text()->sequences)
        if (activating_input const& one = activating_inputs[s.document]; one.layer == block.layer())
          values[s.document] = block.values().row(s.first_row + s.length - 1)[one.neuron];
  return values;
}

}  // namespace census
