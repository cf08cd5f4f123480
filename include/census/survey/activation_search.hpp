// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/largest_values.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/text_rows.hpp>
#include <census/parallel_loop.hpp>
#include <census/statistic/activating_input.hpp>
#include <census/survey/detail/searched_neuron.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// How a search goes about it.
struct activation_search_options {
  std::size_t vocabulary_size = 0;   ///< tokens 0 .. vocabulary_size - 1 are tried
  std::optional<token_id> bos = {};  ///< put before every input that is made up, where there is one
  std::size_t longest = 16;          ///< tokens, BOS included, of the inputs that are changed
  std::size_t proposals = 4096;      ///< inputs a round of mutations, shared among the neurons still silent
  std::size_t rows_per_text = 8192;
  std::uint64_t seed = 1;
};

/// The search for inputs that make silent neurons fire: an observer of blocks of pre-activations. Whatever it is shown,
/// it keeps for each silent neuron the input that came nearest to making it fire; every input is looked at for every
/// neuron. What to show it, input_proposals makes up:
///
///     census::activation_search_options const options{.vocabulary_size = 50272, .bos = 2};
///     census::activation_search search(silent, options);
///     census::input_proposals propose(options);
///     auto const look = [&](auto const& texts) {
///       census::survey(census::activations(model, texts, {.keep_values = census::pre_activations}), search);
///     };
///     look(propose.every_token());
///     for (int round = 0; round < 20; ++round) look(propose.mutations(search));
///
/// The same blocks in the same order give the same activating_inputs, whatever the threads.
class activation_search {
 public:
  /// silent [layer]: the neurons to look for, in layer 0, 1, ...
  activation_search(std::vector<std::vector<std::uint32_t>> const& silent, activation_search_options const& options)
      : bos_(options.bos), longest_(options.longest) {
    for (std::uint32_t layer = 0; layer < silent.size(); ++layer)
      for (std::uint32_t const neuron : std::set(silent[layer].begin(), silent[layer].end()))
        layers_[layer].push_back({neuron});
  }

  /// Says what is being tried, for activating_inputs found from now on.
  void now_trying(std::string what) { trying_ = std::move(what); }

  /// Throws std::invalid_argument where the block does not carry the values of all neurons.
  template <valued_block B>
  void observe(B const& block) {
    require_values(block, "census::activation_search");
    auto const layer = layers_.find(block.layer());
    if (layer == layers_.end()) return;
    text_rows const& text = *block.text();
    parallel_loop(std::size_t{0}, layer->second.size(), [&](std::size_t i) {
      detail::searched_neuron& one = layer->second[i];
      for (sequence const& s : text.sequences) {
        if (one.activated) return;
        float largest = -std::numeric_limits<float>::infinity();
        std::uint32_t at = 0;
        for (std::uint32_t p = 0; p < s.length; ++p)
          if (float const value = block.values().row(s.first_row + p)[one.neuron]; value >= largest)
            largest = value, at = p;
        take(one, block.layer(), text, s, at, largest);
      }
    });
  }

  /// Starts from what a survey of the corpus saw: the inputs that end at the largest pre-activations of a layer, read
  /// from a text of that corpus.
  void start_from(std::uint32_t layer, std::span<largest_value const> largest, text_rows const& text) {
    auto const found = layers_.find(layer);
    if (found == layers_.end()) return;
    std::map<std::pair<std::uint64_t, std::uint32_t>, sequence const*> sequences;
    for (sequence const& s : text.sequences) sequences[{s.document, s.piece}] = &s;
    for (detail::searched_neuron& one : found->second) {
      largest_value const& seen = largest[one.neuron];
      auto const where = sequences.find({seen.place.document, seen.place.piece});
      if (!one.activated && where != sequences.end() && seen.place.position < where->second->length)
        take(one, layer, text, *where->second, seen.place.position, seen.value);
    }
  }

  /// How many are still silent, of all layers.
  std::size_t still_silent() const {
    std::size_t count = 0;
    for (auto const& [layer, neurons] : layers_)
      count += static_cast<std::size_t>(std::ranges::count_if(neurons, &detail::searched_neuron::still_silent));
    return count;
  }

  /// What was found, by layer and neuron.
  std::vector<activating_input> activating_inputs() const {
    std::vector<activating_input> all;
    for (auto const& [layer, neurons] : layers_)
      for (detail::searched_neuron const& one : neurons)
        if (one.activated) all.push_back(*one.activated);
    return all;
  }

  /// Strikes out what does not hold: values [activating_input] are those of a replay of activating_inputs(). Those not
  /// above 0 go back among the silent; of the others the value is kept. Returns how many were struck out.
  std::size_t confirm(std::span<float const> values) {
    std::size_t next = 0, struck = 0;
    for (auto& [layer, neurons] : layers_)
      for (detail::searched_neuron& one : neurons) {
        if (!one.activated) continue;
        float const value = values[next++];
        if (value > 0) {
          one.activated->pre_activation = value;
        } else {
          ++struck;
          one.activated.reset();
        }
      }
    struck_out_ += struck;
    return struck;
  }

  /// How many were struck out in all.
  std::size_t struck_out() const { return struck_out_; }

  /// The largest pre-activation that anything tried gave a silent neuron; −infinity for others.
  float largest(std::uint32_t layer, std::uint32_t neuron) const {
    constexpr float none = -std::numeric_limits<float>::infinity();
    auto const found = layers_.find(layer);
    if (found == layers_.end()) return none;
    auto const one = std::ranges::lower_bound(found->second, neuron, {}, &detail::searched_neuron::neuron);
    return one == found->second.end() || one->neuron != neuron ? none : one->largest;
  }

 private:
  friend class input_proposals;
  static constexpr std::size_t most_best_tokens = 8;

  // The neuron had this value at position `at` of a sequence, the largest there.
  void take(detail::searched_neuron& one, std::uint32_t layer, text_rows const& text, sequence const& s,
            std::uint32_t at, float value) const {
    auto const ids = std::span(text.tokens).subspan(s.first_row, at + std::size_t{1});
    one.largest = std::max(one.largest, value);
    if (value > 0) {
      one.activated = activating_input{layer, one.neuron, {ids.begin(), ids.end()}, value, trying_};
      return;
    }
    if (ids.size() == (bos_ ? 2 : 1)) keep_best_token(one, ids.back(), value);
    if (ids.size() <= longest_) {  // of equals the new one, so that a search drifts where it cannot climb
      if (!one.nearest || value >= one.nearest->value) one.nearest = {{ids.begin(), ids.end()}, value};
    } else if (!one.nearest || value > one.nearest->value) {
      if (one.promising && one.promising->value >= value) return;
      auto const end = ids.last(longest_ - (bos_ ? 1 : 0));
      one.promising = {{end.begin(), end.end()}, value};
      if (bos_) one.promising->ids.insert(one.promising->ids.begin(), *bos_);
    }
  }

  static void keep_best_token(detail::searched_neuron& one, token_id token, float value) {
    auto& best = one.best_tokens;
    if (best.size() == most_best_tokens && value <= best.back().value) return;
    best.insert(std::ranges::find_if(best, [&](auto const& other) { return other.value < value; }), {{token}, value});
    if (best.size() > most_best_tokens) best.pop_back();
  }

  std::optional<token_id> bos_;
  std::size_t longest_;
  std::map<std::uint32_t, std::vector<detail::searched_neuron>> layers_;
  std::string trying_;
  std::size_t struck_out_ = 0;
};

}  // namespace census
