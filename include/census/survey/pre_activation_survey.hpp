// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/largest_values.hpp>
#include <census/accumulator/near_zero.hpp>
#include <census/activation/pre_activation_range.hpp>
#include <census/statistic/pre_activation_census.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// What a layer's weights prove of its neurons, and, where it is shown blocks of pre-activations, how near they came to
/// zero and how far up they went.
class pre_activation_survey {
 public:
  /// `ranges` [neuron]: what can reach each neuron of this layer. Near zero is what lies within likely_rounding().
  pre_activation_survey(std::uint32_t layer, std::vector<pre_activation_range> ranges)
      : layer_(layer), ranges_(std::move(ranges)), near_(bounds(layer, ranges_)) {}

  /// Throws std::invalid_argument where the block is of another layer, has no values or not one for each neuron.
  template <valued_block B>
  void observe(B const& block) {
    near_.observe(block);
    largest_.observe(block);
    observed_ = true;
  }

  /// Throws std::invalid_argument where both have observed the same sequence, or are of other layers or neurons. This
  /// is unchanged then.
  void merge(pre_activation_survey const& other) {
    if (layer_ != other.layer_)
      throw std::invalid_argument("census::pre_activation_survey: layer " + std::to_string(layer_) +
                                  " is merged with layer " + std::to_string(other.layer_));
    auto near = near_;
    near.merge(other.near_);
    largest_.merge(other.largest_);
    near_ = std::move(near);
    observed_ = observed_ || other.observed_;
  }

  /// What the weights prove is not stored: it is there before a block is.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("near_zero", near_)("largest", largest_)("observed", observed_);
  }

  std::uint32_t layer() const { return layer_; }

  /// Whether a block was observed.
  bool has_observed() const { return observed_; }
  std::vector<pre_activation_range> const& ranges() const { return ranges_; }

  /// The largest pre-activation, and how many were near zero, [neuron]. Both throw std::out_of_range before a block was
  /// observed.
  std::span<largest_value const> largest() const { return largest_.at(layer_); }
  std::span<near_zero_counts const> near_zero() const { return near_.at(layer_); }

  pre_activation_census take() const {
    pre_activation_census taken;
    for (pre_activation_range const& range : ranges_) {
      taken.demanded_cosine.push_back(range.demanded_cosine());
      taken.provably_dead.push_back(range.proof() == liveness_proof::dead);
      taken.always_on.push_back(range.proof() == liveness_proof::always_on);
    }
    if (!observed_) return taken;
    taken.near_zero.assign(near_zero().begin(), near_zero().end());
    for (std::size_t n = 0; n < ranges_.size(); ++n)
      taken.largest_cosine.push_back(ranges_[n].cosine(largest()[n].value));
    return taken;
  }

 private:
  static std::vector<std::vector<double>> bounds(std::uint32_t layer, std::vector<pre_activation_range> const& ranges) {
    std::vector<std::vector<double>> all(std::size_t{layer} + 1);
    for (pre_activation_range const& range : ranges) all[layer].push_back(range.likely_rounding());
    return all;
  }

  std::uint32_t layer_;
  std::vector<pre_activation_range> ranges_;
  census::near_zero near_;
  largest_values largest_;
  bool observed_ = false;
};

}  // namespace census
