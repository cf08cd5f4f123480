// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/activation_example.hpp>
#include <census/token_id.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace census {

/// Some of a neuron's firings whose values lie next to each other, drawn by lot.
struct example_bin {
  float from = 0, to = 0;                    ///< the smallest and the largest of their values
  double share = 0;                          ///< of all firings that were drawn
  std::vector<activation_example> examples;  ///< largest first

  template <class Archive>
  void serialize(Archive& archive) {
    archive("from", from)("to", to)("share", share)("examples", examples);
  }
  friend bool operator==(example_bin const&, example_bin const&) = default;
};

/// Where a neuron fired.
struct neuron_examples {
  std::uint32_t neuron = 0;
  std::vector<activation_example> largest;  ///< largest first, of equals by their places
  std::vector<example_bin> bins;            ///< ascending; empty where they were not asked for

  template <class Archive>
  void serialize(Archive& archive) {
    archive("neuron", neuron)("largest", largest)("bins", bins);
  }
  friend bool operator==(neuron_examples const&, neuron_examples const&) = default;
};

/// Examples of a layer's neurons, and what their tokens are called.
struct layer_examples {
  std::vector<neuron_examples> neurons;              ///< those that have any, ascending
  std::map<token_id, std::string> token_texts = {};  ///< of the tokens in windows, their bytes; empty where not told

  /// Calls visit(example) for all of them.
  template <std::invocable<activation_example const&> Visit>
  void for_each(Visit visit) const {
    for (neuron_examples const& of_neuron : neurons) {
      for (activation_example const& one : of_neuron.largest) visit(one);
      for (example_bin const& bin : of_neuron.bins)
        for (activation_example const& one : bin.examples) visit(one);
    }
  }

  /// Sets the texts of the tokens that are known, by name(token).
  template <std::invocable<token_id> Name>
  void name_tokens(Name const& name) {
    std::unordered_set<token_id> met{no_token};
    for_each([&](activation_example const& one) {
      for (token_id const token : one.ids)
        if (met.insert(token).second) token_texts.insert_or_assign(token, name(token));
    });
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("neurons", neurons)("token_texts", token_texts);
  }
};

}  // namespace census
