// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/firing_table.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace census {

/// How well a neuron's firing says that the key is in a set: the set is what is to be found, a firing is a finding.
struct key_set_score {
  std::uint64_t firings = 0;      ///< at any key of the table,
  std::uint64_t found = 0;        ///< and at those in the set
  std::uint64_t occurrences = 0;  ///< of the keys in the set

  /// found / firings; nothing for a neuron that never fired.
  std::optional<double> precision() const { return share(found, firings); }
  /// found / occurrences; nothing where no key of the set occurred.
  std::optional<double> recall() const { return share(found, occurrences); }
  /// Their harmonic mean, 2 found / (firings + occurrences); nothing where there is neither a firing nor an occurrence.
  std::optional<double> f1() const { return share(2 * found, firings + occurrences); }

  friend bool operator==(key_set_score const&, key_set_score const&) = default;

 private:
  static std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
  }
};

/// The score of each neuron for the keys that is_in_set names [neuron]. What the table leaves out, as BOS is of one by
/// token, counts for nothing.
template <class Key, std::predicate<Key const&> InSet>
std::vector<key_set_score> key_set_scores(firing_table<Key> const& table, InSet is_in_set) {
  std::vector<key_set_score> scores(table.neurons());
  std::uint64_t occurrences = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    bool const is_in = is_in_set(table.keys[row]);
    if (is_in) occurrences += table.occurrences(row);
    table.counts(row).visit([&](auto counts) {
      for (std::size_t n = 0; n < counts.size(); ++n)
        scores[n].firings += counts[n], scores[n].found += is_in ? counts[n] : 0;
    });
  }
  for (key_set_score& score : scores) score.occurrences = occurrences;
  return scores;
}

}  // namespace census
