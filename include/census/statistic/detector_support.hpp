// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detectors.hpp>
#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/ratio.hpp>
#include <census/tabulation/documents_fired_in.hpp>
#include <census/uint128.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census {

/// How many of a detector's keys occur at least `fewest` times: often enough for firing on all of them to speak for
/// the rule's share (paper, section 4.2: "supported"). `fewest` is fewest_that_support(rule.fires_on), 73 by default.
inline std::size_t supported(std::span<key_firings const> detected, std::uint64_t fewest) {
  return static_cast<std::size_t>(
      std::ranges::count_if(detected, [&](key_firings const& key) { return key.occurrences >= fewest; }));
}

/// Whether a detector is supported: keys that occur often enough, and at which it fired in two documents at least, hold
/// as much of its firings as the rule asks of all that it detects. What else it detects may be chance. Nothing where
/// that is not known.
inline std::optional<bool> is_supported(detector const& one, ratio explained = detector_rule{}.explained) {
  if (!one.supported_firings) return std::nullopt;
  return at_least(*one.supported_firings, one.firings, explained);
}

/// Sets supported_firings of detectors, ascending by neuron: their firings at detected keys that occur at least
/// `fewest` times, and at which they fired in two documents at least. key_of(row) gives the key of a row;
/// fired_in_two_documents(std::span<neuron_at_key const>) -> std::vector<bool> tells of neurons and such keys.
template <std::invocable<std::uint32_t> KeyOf, std::invocable<std::span<neuron_at_key const>> Fired>
void note_support(std::span<detector> detectors, std::uint64_t fewest, KeyOf const& key_of,
                  Fired const& fired_in_two_documents) {
  auto const for_each_frequent = [&](auto const& visit) {
    for (detector& one : detectors)
      for (key_firings const& key : one.detected)
        if (key.occurrences >= fewest) visit(one, key);
  };
  std::vector<neuron_at_key> asked;
  for_each_frequent([&](detector& one, key_firings const& key) { asked.push_back({one.neuron, key_of(key.row)}); });
  std::vector<bool> const in_two = fired_in_two_documents(asked);
  for (detector& one : detectors) one.supported_firings = 0;
  std::size_t next = 0;
  for_each_frequent([&](detector& one, key_firings const& key) {
    if (in_two[next++]) *one.supported_firings += key.firings;
  });
}

/// The chance that a neuron fires at another occurrence of a key, given that it fired at one: Σ c(c−1) / Σ c(N−1) over
/// keys at which it fired c of N times, in integers until the end. Over all keys of a neuron it does not flatter:
/// those of one occurrence, which make any rule easy, add nothing. Over detected keys alone it would, for those are
/// chosen by their firings.
class repeat_rate {
 public:
  /// Adds a key; one without firings adds nothing. Precondition: firings <= occurrences < 2^32.
  void add(std::uint64_t firings, std::uint64_t occurrences) {
    if (firings == 0) return;
    again_ += uint128{firings} * (firings - 1);
    chances_ += uint128{firings} * (occurrences - 1);
  }

  /// Nothing where no key at which it fired occurred twice.
  std::optional<double> value() const {
    if (chances_ == 0) return std::nullopt;
    return static_cast<double>(again_) / static_cast<double>(chances_);
  }

 private:
  uint128 again_ = 0, chances_ = 0;
};

/// The repeat_rate over some keys of one neuron.
inline std::optional<double> repeat_rate_of(std::span<key_firings const> keys) {
  repeat_rate rate;
  for (key_firings const& key : keys) rate.add(key.firings, key.occurrences);
  return rate.value();
}

/// The repeat_rate of each neuron of a table [neuron].
inline std::vector<std::optional<double>> repeat_rates(firing_counts const& table) {
  std::vector<std::optional<double>> rates(table.neurons());
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    repeat_rate rate;
    for (std::size_t row = 0; row < counts.size(); ++row) rate.add(counts[row], table.occurrences(row));
    rates[neuron] = rate.value();
  });
  return rates;
}

/// The order of each neuron [neuron]: the least n of whose n-grams it is a detector, 0 where it is one of none (paper,
/// section 4.2). by_n[0] are the token detectors, by_n[1] those of bigrams, and so on.
inline std::vector<std::uint32_t> detector_orders(std::size_t neurons, std::span<std::vector<detector> const> by_n) {
  std::vector<std::uint32_t> orders(neurons, 0);
  for (std::size_t n = by_n.size(); n > 0; --n)
    for (detector const& one : by_n[n - 1]) orders.at(one.neuron) = static_cast<std::uint32_t>(n);
  return orders;
}

}  // namespace census
