// SPDX-License-Identifier: MIT
#pragma once

#include <census/splitmix64.hpp>
#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/liveness.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// How differently a neuron fires in two corpora.
struct rate_difference {
  double rate_a = 0, rate_b = 0;  ///< firings / tokens
  /// Share of the ways to deal the documents to two corpora, the one at hand among them, that part the rates as far or
  /// further: small where the difference is not of a few documents. Two-sided; of one neuron, not of all that are
  /// looked at.
  double p = 1;

  friend bool operator==(rate_difference const&, rate_difference const&) = default;
};

namespace detail {

/// Some ways to deal documents anew to two corpora: which of all the documents make up the first [deal][document].
inline std::vector<std::vector<std::uint32_t>> deals(std::size_t first, std::size_t all, std::size_t count,
                                                     std::uint64_t seed) {
  std::vector<std::vector<std::uint32_t>> dealt(count);
  std::uint64_t state = splitmix64(seed);
  for (auto& deal : dealt) {
    std::vector<std::uint32_t> documents(all);
    for (std::uint32_t d = 0; d < all; ++d) documents[d] = d;
    for (std::size_t i = 0; i < first; ++i) {
      state = splitmix64(state + 1);
      std::swap(documents[i], documents[i + bounded(state, all - i)]);
    }
    deal.assign(documents.begin(), documents.begin() + static_cast<std::ptrdiff_t>(first));
  }
  return dealt;
}

}  // namespace detail

/// The difference of a layer's firing rates between two corpora [neuron], from a table by document (key::document) of
/// each, with a permutation test whose unit is the document: tokens of one document are not independent, so that with
/// tokens as units nearly every neuron would differ. The same for the same seed. p is at least 1 / (1 + permutations).
/// Throws std::invalid_argument where a table counts no token, or they differ in neurons.
inline std::vector<rate_difference> rate_differences(firing_counts const& a, firing_counts const& b,
                                                     std::size_t permutations = 999, std::uint64_t seed = 1) {
  if (a.neurons() != b.neurons())
    throw std::invalid_argument("census::rate_differences: tables of " + std::to_string(a.neurons()) + " and of " +
                                std::to_string(b.neurons()) + " neurons");
  detail::require_tokens(a, "census::rate_differences"), detail::require_tokens(b, "census::rate_differences");
  firing_counts both(a.neurons());
  for (firing_counts const* const table : {&a, &b})
    for (std::size_t row = 0; row < table->rows(); ++row)
      if (table->occurrences(row) > 0) both.add(both.rows(), *table, row);
  std::size_t documents_of_a = 0;
  for (std::size_t row = 0; row < a.rows(); ++row) documents_of_a += a.occurrences(row) > 0;

  auto const whole = static_cast<double>(tokens(both));
  auto const dealt = detail::deals(documents_of_a, both.rows(), permutations, seed);
  std::vector<double> tokens_dealt;  // to the first corpus [deal]
  for (auto const& deal : dealt) {
    tokens_dealt.push_back(0);
    for (std::uint32_t const document : deal) tokens_dealt.back() += static_cast<double>(both.occurrences(document));
  }
  auto const tokens_a = static_cast<double>(tokens(a));
  std::vector<rate_difference> differences(a.neurons());
  for_each_neuron(both, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    double fired = 0, fired_a = 0;
    for (std::size_t d = 0; d < counts.size(); ++d) (d < documents_of_a ? fired_a : fired) += counts[d];
    fired += fired_a;
    double const rate_a = fired_a / tokens_a, rate_b = (fired - fired_a) / (whole - tokens_a);
    double const as_far = std::abs(rate_a - rate_b) * (1 - 1e-12);  // what is equal but for rounding is as far
    std::size_t reached = 1;
    for (std::size_t i = 0; i < dealt.size(); ++i) {
      double dealt_firings = 0;
      for (std::uint32_t const document : dealt[i]) dealt_firings += counts[document];
      reached +=
          std::abs(dealt_firings / tokens_dealt[i] - (fired - dealt_firings) / (whole - tokens_dealt[i])) >= as_far;
    }
    differences[neuron] = {rate_a, rate_b, static_cast<double>(reached) / static_cast<double>(1 + dealt.size())};
  });
  return differences;
}

}  // namespace census
