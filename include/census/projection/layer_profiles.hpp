// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/neuron_profile.hpp>
#include <census/projection/profile_builder.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/token_specific.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>

namespace census {

/// A neuron's update, plain and as the final norm leaves it, both as the output embedding sees them.
struct seen_update {
  Eigen::VectorXf plain, centred;
};

/// Adds the profiles of a layer to a builder: all detectors of tokens and of longer n-grams, and the few other neurons
/// that are most specific to tokens. update_of(neuron) -> seen_update is asked once for each neuron; `ngrams` are those
/// that the layer's census was taken by.
template <class Decode, std::invocable<std::uint32_t> UpdateOf>
void add_profiles(profile_builder<Decode>& builder, layer_census const& layer, firing_counts const& by_token,
                  std::span<ngram_rows const> ngrams, UpdateOf const& update_of) {
  if (ngrams.size() < layer.ngrams.size())
    throw std::invalid_argument("census::add_profiles: the census is of more n-grams than are given");
  std::map<std::uint32_t, seen_update> updates;
  auto const update = [&](std::uint32_t neuron) -> seen_update const& {
    auto const [known, is_new] = updates.try_emplace(neuron);
    if (is_new) known->second = update_of(neuron);
    return known->second;
  };
  auto const order = [&](std::uint32_t neuron) {
    return layer.detector_order.empty() ? 0 : layer.detector_order[neuron];
  };
  for (detector const& neuron : worth_profiling(layer.tokens, by_token)) {
    detector_reliability reliability{order(neuron.neuron), layer.tokens.repeat_rates[neuron.neuron], {}};
    auto const& [plain, centred] = update(neuron.neuron);
    builder.add(layer.layer, neuron, layer.tokens.keys, plain, centred, reliability);
  }
  for (std::size_t i = 0; i < layer.ngrams.size(); ++i)
    for (std::size_t d = 0; d < layer.ngrams[i].detectors.size(); ++d) {
      detector const& neuron = layer.ngrams[i].detectors[d];
      auto const& [plain, centred] = update(neuron.neuron);
      builder.add_ngrams(layer.layer, neuron, [&](std::uint32_t ngram) { return ngrams[i].tokens_of(ngram); }, plain,
                         centred, {order(neuron.neuron), layer.ngrams[i].repeat_rates[d], {}});
    }
}

}  // namespace census
