// SPDX-License-Identifier: MIT
#pragma once

#include <census/parallel_loop.hpp>
#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/liveness.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace census {

/// What one key adds to the mutual information, in nats: f·ln(f/p) + (1-f)·ln((1-f)/(1-p)) for a rate f = firings /
/// occurrences under the key and p over all of the table; 0·ln 0 = 0. A key where the neuron always or never fires
/// counts in full.
inline double information_gain(std::uint64_t firings, std::uint64_t occurrences, double p) {
  double const f = static_cast<double>(firings) / static_cast<double>(occurrences);
  double gain = 0;
  if (firings > 0) gain += f * std::log(f / p);
  if (firings < occurrences) gain += (1 - f) * std::log((1 - f) / (1 - p));
  return gain;
}

/// Mutual information between firing and key of each neuron [neuron], in nats (paper, section 5; with a table by
/// position, keys weigh alike there): the mean of information_gain over the keys, weighted by occurrences. The plug-in
/// value: too large where occurrences are few, see corrected_mutual_information. 0 for a neuron that never or always
/// fires; empty where the table counts no token, as that by position does without full sequences.
inline std::vector<double> mutual_information(firing_counts const& table) {
  std::uint64_t const whole = tokens(table);
  if (whole == 0) return {};
  std::vector<double> information(table.neurons(), 0.0);
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    std::uint64_t fired = 0;
    for (std::uint32_t const count : counts) fired += count;
    if (fired == 0 || fired == whole) return;
    double const p = static_cast<double>(fired) / static_cast<double>(whole);
    double sum = 0;
    for (std::size_t row = 0; row < counts.size(); ++row)
      if (std::uint64_t const occurrences = table.occurrences(row); occurrences > 0)
        sum += static_cast<double>(occurrences) * information_gain(counts[row], occurrences, p);
    information[neuron] = sum / static_cast<double>(whole);
  });
  return information;
}

/// The mean of information_gain for a key of `occurrences` when `firings` firings fall on `whole` tokens at random: its
/// expectation over c ~ Hypergeometric(whole, firings, occurrences), exact up to rounding.
inline double expected_gain(std::uint64_t firings, std::uint64_t whole, std::uint64_t occurrences) {
  std::uint64_t const least = firings + occurrences > whole ? firings + occurrences - whole : 0;
  std::uint64_t const most = std::min(firings, occurrences);
  double const p = static_cast<double>(firings) / static_cast<double>(whole);
  auto const mode =
      std::clamp(static_cast<std::uint64_t>((static_cast<double>(firings) + 1) *
                                            (static_cast<double>(occurrences) + 1) / (static_cast<double>(whole) + 2)),
                 least, most);
  // Weights relative to the mode, by the ratio of neighbours, outwards until they no longer count.
  auto const up = [&](std::uint64_t c) {  // weight(c + 1) / weight(c)
    return static_cast<double>(firings - c) * static_cast<double>(occurrences - c) /
           (static_cast<double>(c + 1) * static_cast<double>(whole + c + 1 - firings - occurrences));
  };
  constexpr double negligible = 1e-25;
  double weights = 1, gains = information_gain(mode, occurrences, p), weight = 1;
  for (std::uint64_t c = mode; c < most && weight > negligible; ++c) {
    weight *= up(c);
    weights += weight;
    gains += weight * information_gain(c + 1, occurrences, p);
  }
  weight = 1;
  for (std::uint64_t c = mode; c > least && weight > negligible; --c) {
    weight /= up(c - 1);
    weights += weight;
    gains += weight * information_gain(c - 1, occurrences, p);
  }
  return gains / weights;
}

/// Mutual information less its exact expectation under permutation: what is left is about 0 for a neuron that ignores
/// the key, and may be below. The expectation depends on a neuron's firing count alone, so it is worked out once for
/// each count that occurs. In nats, [neuron]; empty where the table counts no token.
inline std::vector<double> corrected_mutual_information(firing_counts const& table) {
  std::uint64_t const whole = tokens(table);
  std::map<std::uint64_t, std::uint64_t> keys_of_size;  // occurrences -> how many keys have them
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (table.occurrences(row) > 0) ++keys_of_size[table.occurrences(row)];

  auto const fired = firings(table);
  std::vector<std::uint64_t> distinct(fired);
  std::ranges::sort(distinct);
  distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
  std::vector<double> expected(distinct.size(), 0.0);
  parallel_loop(std::size_t{0}, distinct.size(), [&](std::size_t i) {
    if (distinct[i] == 0 || distinct[i] == whole) return;
    double sum = 0;
    for (auto const& [occurrences, keys] : keys_of_size)
      sum +=
          static_cast<double>(occurrences) * static_cast<double>(keys) * expected_gain(distinct[i], whole, occurrences);
    expected[i] = sum / static_cast<double>(whole);
  });

  auto information = mutual_information(table);
  for (std::size_t n = 0; n < information.size(); ++n)
    information[n] -=
        expected[static_cast<std::size_t>(std::ranges::lower_bound(distinct, fired[n]) - distinct.begin())];
  return information;
}

}  // namespace census
