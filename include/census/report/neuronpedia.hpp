// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/whole_folder.hpp>
#include <census/json.hpp>
#include <census/report/exported_neurons.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// A list of tokens with their scores, as long as Neuronpedia takes one.
inline nlohmann::ordered_json neuronpedia_logits(std::vector<exported_token> const& tokens) {
  constexpr std::size_t most = 20;
  auto list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < std::min(tokens.size(), most); ++i)
    list.push_back({{"token", tokens[i].text}, {"value", tokens[i].score}});
  return list;
}

/// An example among others of its group, which have values from `from` to `to` and hold a share of the firings.
inline nlohmann::ordered_json neuronpedia_activation(exported_neuron const& neuron, activation_example const& one,
                                                     float from, float to, double share) {
  return {{"tokens", neuron.tokens_of(one)},
          {"values", in_decimals(one.values)},
          {"quantileMin", in_decimals(from)},
          {"quantileMax", in_decimals(to)},
          {"quantileFraction", share}};
}

}  // namespace detail

/// A neuron as a feature of Neuronpedia's upload: its density is its frequency, its logits are those of its update on
/// the vocabulary. The largest activations are a group of their own, with their share of the neuron's firings; each bin
/// is one with its own. docs/exports.md tells what stays empty. Values are
/// the census's: where that was taken of pre-activations, those.
inline nlohmann::ordered_json neuronpedia_feature(exported_neuron const& neuron) {
  auto activations = nlohmann::ordered_json::array();
  auto const& largest = neuron.examples.largest;
  for (activation_example const& one : largest)
    activations.push_back(detail::neuronpedia_activation(
        neuron, one, largest.back().value, largest.front().value,
        neuron.firings == 0 ? 0 : static_cast<double>(largest.size()) / static_cast<double>(neuron.firings)));
  for (example_bin const& bin : neuron.examples.bins)
    for (activation_example const& one : bin.examples)
      activations.push_back(detail::neuronpedia_activation(neuron, one, bin.from, bin.to, bin.share));
  return {{"index", neuron.neuron},
          {"density", neuron.frequency},
          {"topLogits", detail::neuronpedia_logits(neuron.promoted)},
          {"bottomLogits", detail::neuronpedia_logits(neuron.suppressed)},
          {"activations", std::move(activations)}};
}

/// Writes a census as batches of Neuronpedia's upload, LAYER/batch-N.json, of at most 128 neurons each; the source of
/// raw neurons is the number of their layer. tell is told of each neuron. Throws as exported_neurons and whole_folder
/// do.
inline void export_to_neuronpedia(std::filesystem::path const& census, std::string const& model_id, whole_folder& out,
                                  tell_exported const& tell = {}) {
  constexpr std::size_t most = 128;
  exported_neurons neurons(census);
  auto features = nlohmann::ordered_json::array();
  std::uint32_t layer = 0;
  std::size_t batch = 0;
  auto const write = [&] {
    if (features.empty()) return;
    nlohmann::ordered_json const upload{{"modelId", model_id},
                                        {"source", std::to_string(layer)},
                                        {"features", std::exchange(features, nlohmann::ordered_json::array())}};
    out.write(std::filesystem::path(std::to_string(layer)) / ("batch-" + std::to_string(batch++) + ".json"),
              json_text(upload) + '\n');
  };
  for (std::uint64_t done = 1; auto const neuron = neurons.next(); ++done) {
    if (features.size() == most || neuron->layer != layer) write();
    if (neuron->layer != layer) layer = neuron->layer, batch = 0;
    features.push_back(neuronpedia_feature(*neuron));
    if (tell) tell(done, neurons.size());
  }
  write();
}

}  // namespace census
