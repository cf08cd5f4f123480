// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/fingerprint.hpp>
#include <census/parallel_loop.hpp>

#include <boost/accumulators/accumulators.hpp>
#include <tbb/blocked_range.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// An observer: any Boost.Accumulators feature set, once for each neuron of each layer, on its activation values. No
/// accumulator, for these have no merge and some depend on the order.
///
///     namespace stat = boost::accumulators;
///     census::per_neuron<stat::features<stat::tag::mean, stat::tag::lazy_variance>> moments;
///     census::survey(source, moments);
///     std::vector<double> means = moments.result<stat::tag::mean>(3);
template <class Features>
class per_neuron {
 public:
  using accumulator_set = boost::accumulators::accumulator_set<double, Features>;

  /// Every neuron starts as a copy of `fresh`, which carries what its features ask for (quantile_probability, cache
  /// sizes).
  explicit per_neuron(accumulator_set fresh = {}) : fresh_(std::move(fresh)) {}

  /// Throws std::invalid_argument where the block does not carry the values of all neurons, or one is NaN, or its layer
  /// had another number of neurons before, or has observed a sequence of the block already. This is unchanged then.
  template <valued_block B>
  void observe(B const& block) {
    require_values(block, "census::per_neuron");
    require_no_nan(block, "census::per_neuron");
    std::size_t const neurons = block.firings().neurons();
    auto const sequences = fingerprints(*block.text());
    observed_.check_new(block.layer(), *block.text(), sequences);
    layers_.update(
        block.layer(), neurons,
        [&](std::vector<accumulator_set>& sets) {
          parallel_loop(tbb::blocked_range<std::size_t>(0, neurons, 16), [&](auto const& range) {
            for (std::size_t row = 0; row < block.firings().rows(); ++row) {
              std::span<float const> const values = block.values().row(row);
              for (std::size_t n = range.begin(); n != range.end(); ++n) sets[n](values[n]);
            }
          });
        },
        fresh_);
    observed_.note(block.layer(), sequences);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The accumulator sets of one layer [neuron]. Throws std::out_of_range for a layer that was never observed.
  std::span<accumulator_set const> at(std::uint32_t layer) const { return layers_.at(layer); }

  /// One feature of every neuron of a layer [neuron], in the feature's own unit.
  template <class Feature>
  std::vector<double> result(std::uint32_t layer) const {
    std::vector<double> results;
    for (accumulator_set const& set : at(layer)) results.push_back(boost::accumulators::extract_result<Feature>(set));
    return results;
  }

 private:
  accumulator_set fresh_;
  per_layer<std::vector<accumulator_set>> layers_{"per_neuron"};
  observed_text observed_;
};

}  // namespace census
