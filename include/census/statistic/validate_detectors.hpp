// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detector_claim.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/for_each_neuron.hpp>
#include <census/tabulation/firing_table.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

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

/// What is claimed of each neuron [neuron], and how it is borne out, by a table by half (document_halves) and key
/// (paper, section 4.2): that it is a detector, that it is none, or nothing, where it fired too rarely to tell, or
/// never. Which claims then stand, judge_detectors decides of all of them together.
template <class Key>
std::vector<tested_claim> validate_detectors(firing_table<std::tuple<std::uint8_t, Key>> const& by_half,
                                             detector_rule const& rule = {}) {
  std::vector<tested_claim> claims(by_half.neurons());
  detail::table_in_halves(by_half).for_each([&](std::uint32_t neuron, std::vector<key_in_halves> const& keys) {
    claims[neuron] = test_on_second_half(claim_on_first_half(keys, rule), keys, rule);
  });
  return claims;
}

}  // namespace census
