// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/whole_folder.hpp>
#include <census/json.hpp>
#include <census/report/exported_neurons.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

inline nlohmann::ordered_json activation_records(exported_neuron const& neuron,
                                                 std::vector<activation_example> const& examples) {
  auto records = nlohmann::ordered_json::array();
  for (activation_example const& one : examples)
    records.push_back({{"dataclass_name", "ActivationRecord"},
                       {"tokens", neuron.tokens_of(one)},
                       {"activations", in_decimals(one.values)}});
  return records;
}

}  // namespace detail

/// A neuron as OpenAI's NeuronRecord, as automatic explanations take it. Its random sample is what was drawn by lot,
/// and a boundary is where a bin begins; without bins, and for moments, which a census does not hold, the record's
/// empty defaults stand. What it calls activations are the census's values: where that was taken of pre-activations,
/// those.
inline nlohmann::ordered_json neuron_record(exported_neuron const& neuron) {
  using json = nlohmann::ordered_json;
  json sample = json::array(), by_quantile, boundaries;
  if (auto const& bins = neuron.examples.bins; !bins.empty()) {
    by_quantile = json::array(), boundaries = json::array();
    for (example_bin const& bin : bins) {
      auto records = detail::activation_records(neuron, bin.examples);
      sample.insert(sample.end(), records.begin(), records.end());
      by_quantile.push_back(std::move(records));
    }
    for (std::size_t b = 1; b < bins.size(); ++b) boundaries.push_back(detail::in_decimals(bins[b].from));
  }
  return {
      {"dataclass_name", "NeuronRecord"},
      {"neuron_id", {{"dataclass_name", "NeuronId"}, {"layer_index", neuron.layer}, {"neuron_index", neuron.neuron}}},
      {"random_sample", std::move(sample)},
      {"random_sample_by_quantile", std::move(by_quantile)},
      {"quantile_boundaries", std::move(boundaries)},
      {"mean", nullptr},
      {"variance", nullptr},
      {"skewness", nullptr},
      {"kurtosis", nullptr},
      {"most_positive_activation_records", detail::activation_records(neuron, neuron.examples.largest)}};
}

/// Writes a census as OpenAI's records, LAYER/NEURON.json, one for each neuron; tell is told of each. Throws as
/// exported_neurons and whole_folder do.
inline void export_neuron_records(std::filesystem::path const& census, whole_folder& out,
                                  tell_exported const& tell = {}) {
  exported_neurons neurons(census);
  for (std::uint64_t done = 1; auto const neuron = neurons.next(); ++done) {
    out.write(std::filesystem::path(std::to_string(neuron->layer)) / (std::to_string(neuron->neuron) + ".json"),
              json_text(neuron_record(*neuron)) + '\n');
    if (tell) tell(done, neurons.size());
  }
}

}  // namespace census
