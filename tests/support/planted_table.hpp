// SPDX-License-Identifier: MIT
// A table with the counts one asks for.
#pragma once

#include <census/tabulation/tabulate.hpp>

#include <cstdint>
#include <vector>

namespace census_test {

/// `counts` [key][neuron] firings over `occurrences` [key].
inline census::firing_counts planted_table(std::vector<std::vector<std::uint32_t>> const& counts,
                                           std::vector<std::uint32_t> const& occurrences) {
  std::size_t const neurons = counts.at(0).size();
  census::firing_counts table(neurons);
  for (std::size_t key = 0; key < counts.size(); ++key) {
    std::vector<float> values;
    for (std::uint32_t i = 0; i < occurrences[key]; ++i)
      for (std::size_t n = 0; n < neurons; ++n) values.push_back(i < counts[key][n] ? 1.f : 0.f);
    tabulate(census::pack({std::move(values), neurons}),
             census::key_rows(std::vector<std::uint32_t>(occurrences[key], static_cast<std::uint32_t>(key))), table);
  }
  return table;
}

}  // namespace census_test
