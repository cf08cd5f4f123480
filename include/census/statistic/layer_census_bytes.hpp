// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/layer_census.hpp>

#include <cstdint>
#include <type_traits>
#include <vector>

namespace census {

namespace detail {

/// Bits that one element of each of these vectors takes.
template <class... T>
constexpr std::uint64_t bits_of_each(std::vector<T> const&...) {
  return (std::uint64_t{0} + ... + (std::is_same_v<T, bool> ? 1 : 8 * sizeof(T)));
}

}  // namespace detail

/// Bytes of memory that the census of one layer takes, from above, with n-grams up to `longest_ngram`, in a text of so
/// many distinct tokens. Detectors, which are few, come on top.
inline std::uint64_t layer_census_bytes(std::uint64_t neurons, std::uint64_t longest_ngram,
                                        std::uint64_t distinct_tokens) {
  token_census const tokens;
  position_census const position;
  pre_activation_census const weights;
  ngram_census const ngrams;
  std::uint64_t const of_tokens =
      detail::bits_of_each(liveness_census{}.firings, tokens.firings, tokens.cover, tokens.repeat_rates, tokens.claims,
                           tokens.verdicts, layer_census{}.detector_order);
  std::uint64_t const of_position = detail::bits_of_each(
      position.mutual_information, position.mutual_information_corrected, position.mutual_information_inside,
      position.decoy_w, position.firing_entropy, position.decoy_w_inside, position.estimate.of_neuron,
      position.positional, position.positional_corrected, position.above_threshold, position.types, position.confident);
  std::uint64_t const of_weights = detail::bits_of_each(weights.demanded_cosine, weights.provably_dead,
                                                        weights.always_on, weights.largest_cosine, weights.near_zero);
  std::uint64_t const of_ngrams = (longest_ngram - 1) * detail::bits_of_each(ngrams.firings, ngrams.cover);
  return neurons * (of_tokens + of_position + of_weights + of_ngrams + 7) / 8 + sizeof(token_id) * distinct_tokens;
}

}  // namespace census
