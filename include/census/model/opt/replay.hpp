// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/awakening.hpp>
#include <census/activation/block.hpp>
#include <census/activation/text_rows.hpp>
#include <census/model/opt/source.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census::opt {

/// Runs the ids of each awakening through the model, a sequence of their own, and gives its neuron's pre-activation at
/// the last [awakening]: above 0 where they do awaken it. Nothing but the ids is taken from the awakening. Throws
/// bad_input where the model has no such token or position, std::invalid_argument where it has no such neuron or there
/// are no ids.
inline std::vector<float> replay(model const& m, std::span<awakening const> awakenings) {
  std::map<std::uint32_t, std::vector<std::size_t>> by_layer;
  for (std::size_t i = 0; i < awakenings.size(); ++i) {
    if (awakenings[i].ids.empty() || awakenings[i].neuron >= m.config().ffn_size ||
        awakenings[i].layer >= m.config().layers)
      throw std::invalid_argument("census::opt::replay: no ids, or the model has no such neuron");
    by_layer[awakenings[i].layer].push_back(i);
  }
  constexpr std::size_t rows_at_once = 8192;
  std::vector<float> values(awakenings.size());
  for (auto const& [layer, chosen] : by_layer) {
    std::vector<shared_text> texts;
    text_rows text;
    auto const close = [&] {
      if (!text.tokens.empty()) texts.push_back(share(std::exchange(text, {})));
    };
    for (std::size_t const i : chosen) {
      auto const& ids = awakenings[i].ids;
      if (text.tokens.size() + ids.size() > rows_at_once) close();
      text.sequences.push_back({.document = i,
                                .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                                .length = static_cast<std::uint32_t>(ids.size())});
      text.tokens.insert(text.tokens.end(), ids.begin(), ids.end());
    }
    close();
    source_options<> const options{.layers = {layer, std::size_t{layer} + 1}, .keep_values = pre_activations};
    for (block const& block : activations(m, texts, options))
      for (sequence const& s : block.text()->sequences)
        values[s.document] = block.values().row(s.first_row + s.length - 1)[awakenings[s.document].neuron];
  }
  return values;
}

}  // namespace census::opt
