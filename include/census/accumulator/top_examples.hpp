// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/detail/example_search.hpp>
#include <census/accumulator/detail/ranked_examples.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/fingerprint.hpp>
#include <census/parallel_loop.hpp>
#include <census/statistic/layer_examples.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// Which examples of a neuron's firings are kept.
struct example_options {
  std::uint64_t count = 10;              ///< of its largest activations
  std::uint64_t bins = 0;                ///< of its firings by value, from which some are drawn by lot,
  std::uint64_t in_each_bin = 4;         ///< so many
  std::uint64_t before = 16, after = 7;  ///< tokens of its window, within the sequence

  /// How many firings are drawn.
  std::uint64_t drawn() const { return bins * in_each_bin; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("count", count)("bins", bins)("in_each_bin", in_each_bin)("before", before)("after", after);
  }
  friend bool operator==(example_options const&, example_options const&) = default;
};

/// An accumulator: where each neuron of each layer fires most, with the text around. Of each sequence it takes one
/// firing, so that no two windows overlap; of equal values those that come first by document, piece and position. BOS
/// is left out: there a neuron's value is the same in every sequence, and tells nothing of the text.
///
///     census::top_examples examples({.count = 20, .bins = 5});
///     census::survey(census::activations(model, corpus), examples);   // after the activation function
///     for (auto const& of_neuron : examples.at(3).neurons) ...
///
/// Bins are quantiles of firings drawn by lot, bins · in_each_bin of a neuron's, all equally likely, whatever sequence
/// they are in: which they are is decided by a hash of their places, so by nothing else. From and to of a bin estimate
/// the quantiles; of a neuron that fired no more often they are exact. Decision 27 tells why.
class top_examples {
 public:
  explicit top_examples(example_options const& options = {}) : options_(options) {}

  /// Bytes of memory for one layer, from above.
  static std::uint64_t bytes(example_options const& options, std::uint64_t neurons, std::uint64_t sequences) {
    constexpr std::uint64_t allocated = 2 * sizeof(void*);     // what an allocator adds
    constexpr std::uint64_t longest = std::uint64_t{1} << 32;  // of a sequence
    std::uint64_t const window = std::min(options.before, longest) + 1 + std::min(options.after, longest),
                        example =
                            sizeof(activation_example) + window * (sizeof(token_id) + sizeof(float)) + 2 * allocated;
    return neurons * (sizeof(neuron_state) + 2 * allocated + (options.count + options.drawn()) * example) +
           observed_text::bytes(sequences);
  }

  example_options const& options() const { return options_; }

  /// Throws std::invalid_argument where the block carries no values, or its layer had another number of neurons
  /// before, or has observed a sequence of the block already. This is unchanged then.
  template <valued_block B>
  void observe(B const& block) {
    if (!holds_firings_alone(block)) require_values(block, "census::top_examples");
    auto const sequences = fingerprints(*block.text());
    observed_.check_new(block.layer(), *block.text(), sequences);
    using search = detail::example_search<B>;
    std::size_t const neurons = block.firings().neurons(), stripe = search::stripe(neurons);
    layers_.update(block.layer(), neurons, [&](std::vector<neuron_state>& state) {
      parallel_loop(std::size_t{0}, (neurons + stripe - 1) / stripe, [&](std::size_t number) {
        std::size_t const first = number * stripe;
        search in(block, first, std::min(stripe, neurons - first), options_.before, options_.after);
        if (options_.count > 0)
          in.find_largest(
              [&](std::size_t i) -> auto& { return state[first + i].largest; }, options_.count);
        if (options_.drawn() > 0)
          in.find_sample(
              [&](std::size_t i) -> auto& { return state[first + i].drawn; }, options_.drawn());
      });
    });
    observed_.note(block.layer(), sequences);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or keep other examples.
  /// This is unchanged then.
  void merge(top_examples const& other) {
    if (options_ != other.options_)
      throw std::invalid_argument("census::top_examples: the two sides of this merge keep other examples");
    observed_.check_disjoint(other.observed_);
    layers_.merge(other.layers_, [&](std::vector<neuron_state>& mine, std::vector<neuron_state> const& theirs) {
      for (std::size_t n = 0; n < mine.size(); ++n) {
        detail::merge_ranked<by_value>(mine[n].largest, theirs[n].largest, options_.count);
        detail::merge_ranked<by_lot>(mine[n].drawn, theirs[n].drawn, options_.drawn());
      }
    });
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The examples of a layer, whose tokens have no texts yet. Throws std::out_of_range for a layer that was never
  /// observed.
  layer_examples at(std::uint32_t layer) const { return told(layers_.at(layer)); }

  /// Throws bad_input where what is restored kept other examples.
  template <class Archive>
  void serialize(Archive& archive) {
    archive.constant("options", options_);
    archive("observed", observed_);
    layers_.serialize(archive, [&](std::vector<neuron_state> const& state) {
      for (neuron_state const& one : state)
        if (one.largest.size() > options_.count || one.drawn.size() > options_.drawn() ||
            !detail::are_ranked<by_value>(one.largest) || !detail::are_ranked<by_lot>(one.drawn))
          throw std::invalid_argument("census::top_examples: more examples than are kept, or out of order");
      return state.size();
    });
  }

  friend bool operator==(top_examples const& a, top_examples const& b) {
    return a.options_ == b.options_ && a.layers_ == b.layers_;
  }

 private:
  using by_value = detail::rank_by_value;
  using by_lot = detail::rank_by_lot;

  struct neuron_state {
    std::vector<activation_example> largest, drawn;  // in the order of their ranks
    template <class Archive>
    void serialize(Archive& archive) {
      archive("largest", largest)("drawn", drawn);
    }
    friend bool operator==(neuron_state const&, neuron_state const&) = default;
  };

  layer_examples told(std::vector<neuron_state> const& state) const {
    layer_examples examples;
    for (std::size_t n = 0; n < state.size(); ++n)
      if (!state[n].largest.empty() || !state[n].drawn.empty())
        examples.neurons.push_back({static_cast<std::uint32_t>(n), state[n].largest, bins_of(state[n].drawn)});
    return examples;
  }

  /// As equal in size as can be, ascending; those that would be empty are left out.
  std::vector<example_bin> bins_of(std::vector<activation_example> drawn) const {
    auto const ascending = [](activation_example const& a, activation_example const& b) {
      return std::tie(a.value, b.place) < std::tie(b.value, a.place);
    };
    std::sort(drawn.begin(), drawn.end(), ascending);
    std::vector<example_bin> bins;
    for (std::size_t b = 0; b < options_.bins; ++b) {
      auto const at = [&](std::size_t bin) {
        return drawn.begin() + static_cast<std::ptrdiff_t>(bin * drawn.size() / options_.bins);
      };
      auto const first = at(b), last = at(b + 1);
      if (first == last) continue;
      bins.push_back({first->value,
                      (last - 1)->value,
                      static_cast<double>(last - first) / static_cast<double>(drawn.size()),
                      {std::make_reverse_iterator(last), std::make_reverse_iterator(first)}});
    }
    return bins;
  }

  example_options options_;
  per_layer<std::vector<neuron_state>> layers_{"top_examples"};
  observed_text observed_;
};

}  // namespace census
