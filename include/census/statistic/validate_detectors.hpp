// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detector_claim.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/verdict.hpp>
#include <census/tabulation/firing_table.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// The verdicts on a layer's neurons.
struct detector_verdicts {
  std::vector<verdict> of;   ///< [neuron]
  std::uint64_t claims = 0;  ///< made on the first half; each was tested at error / claims
};

namespace detail {

/// The columns of a table by half and key, as keys in halves.
template <class Key>
class table_in_halves {
 public:
  explicit table_in_halves(firing_table<std::tuple<std::uint8_t, Key>> const& by_half) : by_half_(&by_half) {
    std::map<Key, std::uint32_t> number;
    for (auto const& [half, key] : by_half.keys) number.try_emplace(key, static_cast<std::uint32_t>(number.size()));
    keys_ = number.size();
    for (auto const& [half, key] : by_half.keys)
      places_.emplace_back(number.at(key), half == 0 ? &key_in_halves::chosen_on : &key_in_halves::tested_on);
  }

  /// Calls visit(neuron, keys) for every neuron, in parallel; `visit` may write only what belongs to its neuron.
  template <class Visit>
  void for_each(Visit const& visit) const {
    for_each_neuron(*by_half_, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
      std::vector<key_in_halves> keys(keys_);
      for (std::size_t row = 0; row < counts.size(); ++row)
        keys[places_[row].first].*places_[row].second = {counts[row], by_half_->occurrences(row)};
      visit(neuron, keys);
    });
  }

 private:
  firing_table<std::tuple<std::uint8_t, Key>> const* by_half_;
  std::size_t keys_ = 0;
  std::vector<std::pair<std::uint32_t, key_in_halves::counts key_in_halves::*>> places_;  // [row]
};

}  // namespace detail

/// Whether a detector: yes, no or undecided, of each neuron of a table by half (document_halves) and key (paper,
/// section 4.2): the probability that any verdict is false is at most `error` (Bonferroni over the claims made). Where
/// a neuron fired too rarely to tell, or never, it is undecided.
template <class Key>
detector_verdicts validate_detectors(firing_table<std::tuple<std::uint8_t, Key>> const& by_half,
                                     detector_rule const& rule = {}, double error = 0.05) {
  detail::table_in_halves const halves(by_half);
  std::vector<detector_claim> claims(by_half.neurons());
  halves.for_each([&](std::uint32_t neuron, std::vector<key_in_halves> const& keys) {
    claims[neuron] = claim_on_first_half(keys, rule, error);
  });
  detector_verdicts verdicts{std::vector<verdict>(by_half.neurons(), verdict::undecided), 0};
  for (detector_claim const& claim : claims) verdicts.claims += claim.verdict != verdict::undecided;
  if (verdicts.claims == 0) return verdicts;
  double const of_each = error / static_cast<double>(verdicts.claims);
  halves.for_each([&](std::uint32_t neuron, std::vector<key_in_halves> const& keys) {
    verdicts.of[neuron] = test_on_second_half(claims[neuron], keys, rule, of_each);
  });
  return verdicts;
}

}  // namespace census
