// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_counts.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// Tokens that a table counts: the sum of its occurrences.
inline std::uint64_t tokens(firing_counts const& table) {
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) sum += table.occurrences(row);
  return sum;
}

/// Firings of each neuron [neuron], summed over the keys.
inline std::vector<std::uint64_t> firings(firing_counts const& table) {
  std::vector<std::uint64_t> sums(table.neurons(), 0);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.occurrences(row) == 0) continue;
    table.counts(row).visit([&](auto counts) {
      for (std::size_t n = 0; n < sums.size(); ++n) sums[n] += counts[n];
    });
  }
  return sums;
}

/// firings / tokens of each neuron [neuron] (paper, section 3); empty where the table counts no token.
inline std::vector<double> frequencies(firing_counts const& table) {
  std::vector<double> shares;
  if (tokens(table) == 0) return shares;
  auto const whole = static_cast<double>(tokens(table));
  for (std::uint64_t const fired : firings(table)) shares.push_back(static_cast<double>(fired) / whole);
  return shares;
}

namespace detail {

/// Throws std::invalid_argument, in the name of `who`, where no token is counted: nothing is known of any neuron then.
inline void require_tokens(firing_counts const& table, char const* who) {
  if (tokens(table) == 0) throw std::invalid_argument(std::string(who) + ": the table counts no token");
}

}  // namespace detail

/// Neurons that never fired, ascending (paper, section 3). Throws std::invalid_argument where the table counts no
/// token.
inline std::vector<std::uint32_t> dead_neurons(firing_counts const& table) {
  detail::require_tokens(table, "census::dead_neurons");
  std::vector<std::uint32_t> dead;
  auto const fired = firings(table);
  for (std::uint32_t n = 0; n < fired.size(); ++n)
    if (fired[n] == 0) dead.push_back(n);
  return dead;
}

/// Share of neurons that never fired (figure 1a). Throws std::invalid_argument where the table counts no token or has
/// no neurons.
inline double dead_share(firing_counts const& table) {
  if (table.neurons() == 0) throw std::invalid_argument("census::dead_share: the table has no neurons");
  detail::require_tokens(table, "census::dead_share");
  return static_cast<double>(dead_neurons(table).size()) / static_cast<double>(table.neurons());
}

/// Mean firing frequency among the neurons that fired at all (figure 1b); nothing where none did.
inline std::optional<double> mean_frequency_alive(firing_counts const& table) {
  double sum = 0;
  std::size_t alive = 0;
  for (std::uint64_t const fired : firings(table))
    if (fired > 0) {
      sum += static_cast<double>(fired);
      ++alive;
    }
  if (alive == 0) return std::nullopt;
  return sum / static_cast<double>(alive) / static_cast<double>(tokens(table));
}

/// With 95 % confidence, a neuron that was silent in all of `documents` independent documents fires in less than this
/// share of documents: 1 - 0.05^(1/documents). By documents, not tokens, for the tokens of one document are not
/// independent.
inline double firing_rate_upper_95(std::uint64_t documents) {
  return documents == 0 ? 1.0 : -std::expm1(std::log(0.05) / static_cast<double>(documents));
}

}  // namespace census
