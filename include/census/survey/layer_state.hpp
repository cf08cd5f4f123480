// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/top_examples.hpp>
#include <census/activation/fingerprint.hpp>
#include <census/activation/text_list.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/pre_activation_survey.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace census {

/// All that a census observes of one layer: what its results are made of, and what it can be gone on from. An
/// accumulator without `observe`: which of its parts see a block depends on what is asked for.
struct layer_state {
  paper_survey paper;
  pre_activation_survey pre_activations;
  std::optional<top_examples> examples = {};  ///< where they are asked for

  /// Throws as its parts do, and std::invalid_argument where one of the two keeps examples and the other does not; this
  /// is unchanged then.
  void merge(layer_state const& other) {
    if (examples.has_value() != other.examples.has_value())
      throw std::invalid_argument("census::layer_state: one of the two sides of this merge keeps examples");
    auto merged = pre_activations;
    merged.merge(other.pre_activations);
    auto both = examples;
    if (both) both->merge(*other.examples);
    paper.merge(other.paper);
    pre_activations = std::move(merged);
    examples = std::move(both);
  }

  /// Throws std::invalid_argument where what was observed of a layer is of sequences that the texts do not hold.
  void check_text(std::uint32_t layer, text_list const& texts) const {
    auto seen = paper.sequences(layer);
    std::ranges::sort(seen);
    if (!std::ranges::includes(sorted_fingerprints(texts), seen))
      throw std::invalid_argument("what was observed of layer " + std::to_string(layer) + " is of another text");
  }

  /// Pre-activations are stored where some were observed: their bounds, which are compared, come from sums that other
  /// processors may round otherwise. Examples are stored where they are asked for: what is restored is asked for alike.
  template <class Archive>
  void serialize(Archive& archive) {
    bool has_values = pre_activations.has_observed();
    archive("paper", paper)("has_values", has_values);
    if (has_values) archive("pre_activations", pre_activations);
    if (examples) archive("examples", *examples);
  }
};

/// The name of the file in a census's folder that keeps a layer's state, and what state files say that they hold.
inline std::string state_file_name(std::uint32_t layer) { return "state-" + std::to_string(layer) + ".safetensors"; }
inline std::string what_state_holds(std::uint32_t layer) { return "layer " + std::to_string(layer) + " of a census"; }

}  // namespace census
