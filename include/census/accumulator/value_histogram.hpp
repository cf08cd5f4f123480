// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/fingerprint.hpp>
#include <census/parallel_loop.hpp>

#include <tbb/blocked_range.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// An accumulator: a histogram of the values of each neuron of each layer, BOS included. Bin 0 holds what is below the
/// first edge, bin i what is from edge i - 1 up to but not including edge i, the last one what is at the last edge or
/// above.
///
///     census::value_histogram values({0, 0.5, 1, 2});
///     census::survey(census::activations(model, corpus), values);   // after the activation function
///     auto const of_neuron_17 = values.of(3, 17);                    // [bin]
class value_histogram {
 public:
  /// Throws std::invalid_argument where the edges do not ascend, or there is none.
  explicit value_histogram(std::vector<float> edges) : edges_(std::move(edges)) {
    bool ascend = !edges_.empty() && !std::isnan(edges_.front());
    for (std::size_t i = 1; i < edges_.size(); ++i) ascend &= edges_[i - 1] < edges_[i];
    if (!ascend) throw std::invalid_argument("census::value_histogram: the edges are to be some, and to ascend");
  }

  std::size_t bins() const { return edges_.size() + 1; }
  std::vector<float> const& edges() const { return edges_; }

  /// Throws std::invalid_argument where the block does not carry the values of all neurons, or one is NaN, or its layer
  /// had another number of neurons before, or has observed a sequence of the block already. This is unchanged then.
  template <valued_block B>
  void observe(B const& block) {
    require_values(block, "census::value_histogram");
    require_no_nan(block, "census::value_histogram");
    auto const sequences = fingerprints(*block.text());
    observed_.check_new(block.layer(), *block.text(), sequences);
    std::size_t const neurons = block.firings().neurons();
    layers_.update(
        block.layer(), neurons,
        [&](counts& into) {
          parallel_loop(tbb::blocked_range<std::size_t>(0, neurons, 256), [&](auto const& range) {
            for (std::size_t row = 0; row < block.firings().rows(); ++row) {
              std::span<float const> const values = block.values().row(row);
              for (std::size_t n = range.begin(); n != range.end(); ++n) ++into.of[n * bins() + bin_of(values[n])];
            }
          });
        },
        bins());
    observed_.note(block.layer(), sequences);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or have other edges.
  /// This is unchanged then.
  void merge(value_histogram const& other) {
    if (edges_ != other.edges_)
      throw std::invalid_argument("census::value_histogram: the two sides of this merge have different edges");
    observed_.check_disjoint(other.observed_);
    layers_.merge(
        other.layers_,
        [](counts& mine, counts const& theirs) {
          for (std::size_t i = 0; i < mine.of.size(); ++i) mine.of[i] += theirs.of[i];
        },
        bins());
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The histogram of a neuron [bin]. Throws std::out_of_range for a layer or a neuron that was never observed.
  std::span<std::uint64_t const> of(std::uint32_t layer, std::size_t neuron) const {
    counts const& here = layers_.at(layer);
    if (neuron >= here.of.size() / bins())
      throw std::out_of_range("census::value_histogram: the layer has no such neuron");
    return std::span(here.of).subspan(neuron * bins(), bins());
  }

  /// Throws bad_input where what is restored was counted with other edges.
  template <class Archive>
  void serialize(Archive& archive) {
    archive.constant("edges", edges_);
    archive("observed", observed_);
    layers_.serialize(
        archive,
        [&](counts const& here) {
          if (here.of.size() % bins() != 0)
            throw std::invalid_argument("census::value_histogram: not every neuron has as many bins as there are");
          return here.of.size() / bins();
        },
        bins());
  }

  friend bool operator==(value_histogram const& a, value_histogram const& b) {
    return a.edges_ == b.edges_ && a.layers_ == b.layers_;
  }

 private:
  struct counts {
    counts(std::size_t neurons, std::size_t bins) : of(neurons * bins, 0) {}
    std::vector<std::uint64_t> of;  // [neuron, bin]
    template <class Archive>
    void serialize(Archive& archive) {
      archive("counts", of);
    }
    friend bool operator==(counts const&, counts const&) = default;
  };

  std::size_t bin_of(float value) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(edges_, value) - edges_.begin());
  }

  std::vector<float> edges_;
  per_layer<counts> layers_{"value_histogram"};
  observed_text observed_;
};

}  // namespace census
