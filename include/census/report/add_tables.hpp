// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/read_tables_file.hpp>
#include <census/report/tables_file.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/take_layer_result.hpp>
#include <census/tabulation/regroup.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The tables of several censuses of the same neurons on different text as those of one: counts are added, of domains
/// by their names. One layer is in memory at a time. Whether two of them counted the same text they cannot tell: see
/// overlap(run_record, run_record).
class added_tables {
 public:
  /// Throws bad_input naming the file whose neurons, layers or full sequences are not those of the first;
  /// std::invalid_argument for none.
  explicit added_tables(std::vector<stored_tables> censuses) : censuses_(std::move(censuses)) {
    if (censuses_.empty()) throw std::invalid_argument("census::added_tables: there is no census to add");
    shape_ = censuses_.front().shape();
    for (stored_tables const& one : censuses_) {
      check(one);
      for (std::string const& domain : one.shape().domains)
        if (std::ranges::find(shape_.domains, domain) == shape_.domains.end()) shape_.domains.push_back(domain);
      shape_.positions = std::max(shape_.positions, one.shape().positions);
    }
  }

  /// Of all of them: the domains of the first come first, then those that others add.
  census_shape const& shape() const { return shape_; }

  /// What the added tables tell of a layer, i < shape().layers from the first on. Throws bad_input naming the file
  /// whose counts cannot be added.
  layer_result at(std::size_t i) const {
    layer_tables sum = tables_of(censuses_.front(), i);
    for (std::size_t c = 1; c < censuses_.size(); ++c) try {
        sum = merge(sum, tables_of(censuses_[c], i));
      } catch (std::overflow_error const& error) {
        throw bad_input(censuses_[c].place(), error.what());
      }
    return take_layer_result(sum);
  }

  /// How often each neuron of a layer fired in all of them [neuron]. Throws bad_input naming the file whose counts
  /// cannot be.
  std::vector<std::uint64_t> firings(std::size_t i) const {
    auto sum = censuses_.front().firings(i);
    for (std::size_t c = 1; c < censuses_.size(); ++c)
      std::ranges::transform(sum, censuses_[c].firings(i), sum.begin(), std::plus());
    return sum;
  }

 private:
  void check(stored_tables const& one) const {
    census_shape const &wanted = censuses_.front().shape(), &found = one.shape();
    auto const layers = [](census_shape const& shape) {
      return std::to_string(shape.first_layer) + ":" + std::to_string(shape.first_layer + shape.layers);
    };
    auto const refuse = [&](std::string const& here, std::string const& there) {
      throw bad_input(one.place(), "is of " + here + ", and " + censuses_.front().place() + " of " + there);
    };
    if (found.neurons != wanted.neurons)
      refuse(std::to_string(found.neurons) + " neurons a layer", std::to_string(wanted.neurons));
    if (layers(found) != layers(wanted)) refuse("layers " + layers(found), layers(wanted));
    if (found.positions > 0 && shape_.positions > 0 && found.positions != shape_.positions)
      refuse("full sequences of " + std::to_string(found.positions) + " tokens", std::to_string(shape_.positions));
  }

  layer_tables tables_of(stored_tables const& one, std::size_t i) const {
    auto tables = one.at(i);
    auto const& names = one.shape().domains;
    tables.by_domain = regroup(tables.by_domain, [&](std::uint16_t domain) {
      auto const found = std::ranges::find(shape_.domains, names[domain]);
      return static_cast<std::uint16_t>(found - shape_.domains.begin());
    });
    return tables;
  }

  std::vector<stored_tables> censuses_;
  census_shape shape_;
};

}  // namespace census
