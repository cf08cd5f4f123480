// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/liveness.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// How many neurons fire how often, on a scale of logarithms: the dead apart, for they have no place on it.
struct frequency_histogram {
  std::uint64_t dead = 0;
  std::uint32_t bins_per_decade = 1;
  std::vector<std::uint64_t> neurons;  ///< [bin], from the most frequent down; the last is the rarest that occurs

  /// Bin b holds the frequencies from floor(b) up to but not including floor(b) of the bin before, the first one 1 too.
  double floor(std::size_t bin) const { return std::pow(10.0, -static_cast<double>(bin + 1) / bins_per_decade); }

  friend bool operator==(frequency_histogram const&, frequency_histogram const&) = default;
};

/// The histogram of a table's firing frequencies. Throws std::invalid_argument where the table counts no token, or
/// there are to be no bins.
inline frequency_histogram frequency_histogram_of(firing_counts const& table, std::uint32_t bins_per_decade = 1) {
  detail::require_tokens(table, "census::frequency_histogram_of");
  if (bins_per_decade == 0) throw std::invalid_argument("census::frequency_histogram_of: 0 bins a decade");
  frequency_histogram histogram{0, bins_per_decade, {}};
  for (double const frequency : frequencies(table)) {
    if (frequency == 0) {
      ++histogram.dead;
      continue;
    }
    std::size_t bin = 0;
    while (frequency < histogram.floor(bin)) ++bin;
    if (bin >= histogram.neurons.size()) histogram.neurons.resize(bin + 1, 0);
    ++histogram.neurons[bin];
  }
  return histogram;
}

}  // namespace census
