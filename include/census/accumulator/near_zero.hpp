// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/parallel_loop.hpp>
#include <census/statistic/near_zero_counts.hpp>

#include <tbb/blocked_range.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// An accumulator: pre-activations within rounding of zero, counted for each neuron of each layer. What counts as near
/// is a bound a neuron: with a model's blocks of pre-activations,
///
///     census::near_zero near(bounds);  // [layer][neuron]: pre_activation_range's rounding(), or likely_rounding()
///     census::survey(census::activations(model, corpus, {.keep_values = census::pre_activations}), near);
class near_zero {
 public:
  /// bounds [layer][neuron], each at least 0, in the unit of the values; rounded up to float32. Throws
  /// std::invalid_argument where one is negative or NaN.
  explicit near_zero(std::vector<std::vector<double>> const& bounds) {
    auto rounded = std::make_shared<std::vector<std::vector<float>>>();
    for (auto const& layer : bounds) {
      rounded->emplace_back();
      for (double const bound : layer) {
        if (!(bound >= 0)) throw std::invalid_argument("census::near_zero: a bound is negative or NaN");
        auto const nearest = static_cast<float>(bound);
        rounded->back().push_back(
            double{nearest} >= bound ? nearest : std::nextafter(nearest, std::numeric_limits<float>::infinity()));
      }
    }
    bounds_ = std::move(rounded);
  }

  /// Throws std::invalid_argument where the block does not carry the values of all neurons, or one is NaN, its layer
  /// has no bounds, or not one for each neuron, or has observed a sequence of the block already. This is unchanged
  /// then.
  template <valued_block B>
  void observe(B const& block) {
    require_values(block, "census::near_zero");
    require_no_nan(block, "census::near_zero");
    std::size_t const neurons = block.firings().neurons();
    if (std::size_t const bounds = block.layer() < bounds_->size() ? (*bounds_)[block.layer()].size() : 0;
        bounds != neurons)
      throw std::invalid_argument("census::near_zero: layer " + std::to_string(block.layer()) + " has " +
                                  std::to_string(neurons) + " neurons, and " + std::to_string(bounds) + " bounds");
    auto const sequences = fingerprints(*block.text());
    observed_.check_new(block.layer(), *block.text(), sequences);
    std::vector<float> const& bound = (*bounds_)[block.layer()];
    layers_.update(block.layer(), neurons, [&](std::vector<near_zero_counts>& counts) {
      parallel_loop(tbb::blocked_range<std::size_t>(0, neurons, stripe), [&](auto const& range) {
        count(block, std::span(bound).subspan(range.begin(), range.size()), range.begin(), counts);
      });
    });
    observed_.note(block.layer(), sequences);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or with other bounds.
  /// This is unchanged then.
  void merge(near_zero const& other) {
    if (bounds_ != other.bounds_ && *bounds_ != *other.bounds_)
      throw std::invalid_argument("census::near_zero: the two sides of this merge have different bounds");
    observed_.check_disjoint(other.observed_);
    layers_.merge(other.layers_, [](std::vector<near_zero_counts>& mine, std::vector<near_zero_counts> const& theirs) {
      for (std::size_t n = 0; n < mine.size(); ++n) {
        mine[n].firings += theirs[n].firings;
        mine[n].near_firings += theirs[n].near_firings;
        mine[n].near_silences += theirs[n].near_silences;
      }
    });
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The counts of a layer [neuron]. Throws std::out_of_range for a layer that was never observed.
  std::span<near_zero_counts const> at(std::uint32_t layer) const { return layers_.at(layer); }

  /// Throws bad_input where what is restored was counted with other bounds.
  template <class Archive>
  void serialize(Archive& archive) {
    archive.constant("bounds", *bounds_);
    archive("observed", observed_);
    layers_.serialize(archive, [](auto const& counts) { return counts.size(); });
  }

  friend bool operator==(near_zero const& a, near_zero const& b) {
    return *a.bounds_ == *b.bounds_ && a.layers_ == b.layers_;
  }

 private:
  static constexpr std::size_t stripe = 256;  // neurons: their counts stay in the cache

  /// Counts the values of some neurons, from `first` on, with a bound each.
  template <valued_block B>
  static void count(B const& block, std::span<float const> bound, std::size_t first,
                    std::vector<near_zero_counts>& into) {
    std::size_t const size = bound.size();
    std::vector<std::uint32_t> fired(size), near_fired(size), near_silent(size);
    for (std::size_t row = 0; row < block.firings().rows(); ++row) {
      std::span<float const> const of_row = std::span<float const>(block.values().row(row)).subspan(first, size);
      for (std::size_t n = 0; n < size; ++n) {
        float const x = of_row[n], e = bound[n];
        fired[n] += x > 0;
        near_fired[n] += (x > 0) & (x <= e);
        near_silent[n] += (x <= 0) & (x >= -e);
      }
    }
    for (std::size_t n = 0; n < size; ++n) {
      near_zero_counts& counts = into[first + n];
      counts.firings += fired[n], counts.near_firings += near_fired[n], counts.near_silences += near_silent[n];
    }
  }

  std::shared_ptr<std::vector<std::vector<float>> const> bounds_;
  per_layer<std::vector<near_zero_counts>> layers_{"near_zero"};
  observed_text observed_;
};

}  // namespace census
