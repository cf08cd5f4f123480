// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/statistic/activating_input.hpp>
#include <census/survey/census_model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// Runs the ids of each input through the model, a sequence of their own, and gives its neuron's pre-activation at the
/// last [input]: above 0 where they do make it fire. Nothing but layer, neuron and ids is taken from an input. One
/// pass, layer by layer, up to the highest that is asked for. Throws bad_input where the model has no such token or
/// position, std::invalid_argument where it has no such neuron or there are no ids.
template <layered_model Model>
std::vector<float> replay(Model const& model, std::span<activating_input const> inputs) {
  if (inputs.empty()) return {};
  constexpr std::size_t rows_at_once = 8192;
  auto const& shape = model.architecture();
  std::size_t first = shape.layers, last = 0;
  std::vector<shared_text> texts;
  text_rows text;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto const& [layer, neuron, ids, value, found_by] = inputs[i];
    if (ids.empty() || neuron >= shape.ffn_size || layer >= shape.layers)
      throw std::invalid_argument("census::replay: no ids, or the model has no such neuron");
    first = std::min<std::size_t>(first, layer), last = std::max(last, layer + std::size_t{1});
    if (!text.tokens.empty() && text.tokens.size() + ids.size() > rows_at_once)
      texts.push_back(share(std::exchange(text, {})));
    text.sequences.push_back({.document = i,
                              .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                              .length = static_cast<std::uint32_t>(ids.size())});
    text.tokens.insert(text.tokens.end(), ids.begin(), ids.end());
  }
  texts.push_back(share(std::move(text)));

  std::vector<float> values(inputs.size());
  for (auto&& of_layer :
       layers(model, text_list(std::move(texts)), {.layers = {first, last}, .keep_values = {true, true}}))
    for (auto const& block : of_layer) {
      auto const& here = on_host(block);
      for (sequence const& s : here.text()->sequences)
        if (activating_input const& one = inputs[s.document]; one.layer == here.layer())
          values[s.document] = here.values().row(s.first_row + s.length - 1)[one.neuron];
    }
  return values;
}

}  // namespace census
