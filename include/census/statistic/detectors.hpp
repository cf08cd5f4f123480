// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/coverage.hpp>
#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/ratio.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_firings.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// When a neuron detects keys (paper, section 4.2). The defaults are the paper's for tokens; for trigrams it takes
/// cover <= 50.
struct detector_rule {
  std::uint32_t cover_at_most = 5;  ///< (1) so few keys hold `covered` of its firings
  ratio covered{19, 20};
  ratio fires_on{19, 20};   ///< (2) it detects the keys at whose occurrences it fires at least so often
  ratio explained{19, 20};  ///< (3) the detected keys hold at least this share of its firings
};

/// The order in which keys are listed: by firings descending, then by row.
inline bool more_firings(key_firings const& a, key_firings const& b) {
  return a.firings != b.firings ? a.firings > b.firings : a.row < b.row;
}

/// A neuron that fires almost only on a few keys, and almost always on them.
struct detector {
  std::uint32_t neuron, cover;
  std::uint64_t firings;
  std::vector<key_firings> detected;  ///< all such keys, by firings descending, then by row
  bool is_one = true;                 ///< false where a neuron only looks like one: `detected` are its top keys then
  /// Of `firings`, those at detected keys that say something: see note_support. Empty where that is not known.
  std::optional<std::uint64_t> supported_firings = {};

  template <class Archive>
  void serialize(Archive& archive) {
    archive("neuron", neuron)("cover", cover)("firings", firings)("detected", detected)("is_one", is_one);
    archive("supported_firings", supported_firings);
  }
  friend bool operator==(detector const&, detector const&) = default;
};

/// The neuron as a detector of the table's keys; nothing where it is none.
inline std::optional<detector> detector_of(std::uint32_t neuron, std::span<std::uint32_t const> counts,
                                           firing_counts const& table, detector_rule const& rule = {}) {
  detector found{neuron, cover(counts, rule.covered), 0, {}, true};
  if (found.cover == 0 || found.cover > rule.cover_at_most) return std::nullopt;
  std::uint64_t explained = 0;
  for (std::uint32_t row = 0; row < counts.size(); ++row) {
    found.firings += counts[row];
    if (counts[row] == 0 || !at_least(counts[row], table.occurrences(row), rule.fires_on)) continue;
    found.detected.push_back({row, counts[row], table.occurrences(row)});
    explained += counts[row];
  }
  if (!at_least(explained, found.firings, rule.explained)) return std::nullopt;
  std::ranges::sort(found.detected, more_firings);
  return found;
}

/// The table's detectors, ascending by neuron (figures 3, 4). With a table by token: token detectors.
inline std::vector<detector> detectors(firing_counts const& table, detector_rule const& rule = {}) {
  std::vector<std::optional<detector>> by_neuron(table.neurons());
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    by_neuron[neuron] = detector_of(neuron, counts, table, rule);
  });
  std::vector<detector> found;
  for (auto& one : by_neuron)
    if (one) found.push_back(std::move(*one));
  return found;
}

/// The keys at which a neuron fired most, at most `count` of them, by firings descending, then by row. Throws
/// std::out_of_range where there is no such neuron.
inline std::vector<key_firings> top_keys(firing_counts const& table, std::uint32_t neuron, std::size_t count) {
  if (neuron >= table.neurons())
    throw std::out_of_range("census::top_keys: there is no neuron " + std::to_string(neuron) + ", there are " +
                            std::to_string(table.neurons()));
  std::vector<key_firings> fired;
  for (std::uint32_t row = 0; row < table.rows(); ++row)
    if (auto const firings = table.occurrences(row) == 0 ? 0 : table.counts(row)[neuron]; firings > 0)
      fired.push_back({row, firings, table.occurrences(row)});
  std::ranges::sort(fired, more_firings);
  if (fired.size() > count) fired.resize(count);
  return fired;
}

/// The rows that some detector detects, ascending and each once: D(l) of a layer.
inline std::vector<std::uint32_t> detected_rows(std::span<detector const> detectors) {
  std::vector<std::uint32_t> rows;
  for (detector const& one : detectors)
    for (key_firings const& key : one.detected) rows.push_back(key.row);
  std::ranges::sort(rows);
  rows.erase(std::ranges::unique(rows).begin(), rows.end());
  return rows;
}

}  // namespace census
