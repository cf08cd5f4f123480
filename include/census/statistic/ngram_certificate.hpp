// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/counts_of_counts.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/neuron_columns.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/ngram_sketch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <vector>

namespace census {

/// What is certain from counts in part: yes, no, or neither.
enum class certainty : std::uint8_t { no, undecided, yes };

/// What a sketch certifies of a neuron: its cover lies in [cover_low, cover_high], and whether it is a detector.
struct ngram_certificate {
  std::uint64_t firings = 0;  ///< F(n), exactly
  std::uint64_t cover_low = 0, cover_high = 0;
  certainty detector = certainty::undecided;

  friend bool operator==(ngram_certificate const&, ngram_certificate const&) = default;
};

/// A pool's n-grams of equal occurrences, ascending by occurrences.
using pool_occurrences = std::vector<equal_counts>;

/// The pool's firings as unevenly as its n-grams allow, each at most its occurrences: no other way lets fewer n-grams
/// hold a share. Precondition: firings <= sum(pool).
inline std::vector<equal_counts> most_uneven(pool_occurrences const& pool, std::uint64_t firings) {
  std::vector<equal_counts> counts;
  for (auto some = pool.rbegin(); some != pool.rend() && firings > 0; ++some) {
    std::uint64_t const full = std::min(some->keys, firings / some->count);
    if (full > 0) counts.push_back({some->count, full});
    firings -= full * some->count;
    if (full < some->keys && firings > 0) {
      counts.push_back({firings, 1});
      firings = 0;
    }
  }
  return counts;
}

/// The pool's firings as evenly as its n-grams allow: no other way needs more n-grams to hold a share.
inline std::vector<equal_counts> most_even(pool_occurrences const& pool, std::uint64_t firings) {
  std::vector<equal_counts> counts;
  std::uint64_t open = 0;
  for (equal_counts const& some : pool) open += some.keys;
  for (equal_counts const& some : pool) {  // full ones, as long as all others can have as much
    if (firings < open * some.count) break;
    counts.push_back({some.count, some.keys});
    firings -= some.count * some.keys;
    open -= some.keys;
  }
  if (open > 0 && firings > 0) {
    std::uint64_t const level = firings / open, above = firings % open;
    if (above > 0) counts.push_back({level + 1, above});
    if (level > 0) counts.push_back({level, open - above});
  }
  return counts;
}

namespace detail {

/// Counts of counts, collected in any order.
class count_collector {
 public:
  void add(std::uint64_t count, std::uint64_t keys) {
    if (count == 0) return;
    if (count < small_.size())
      small_[count] += keys;
    else
      large_.push_back({count, keys});
  }
  void add(std::vector<equal_counts> const& counts) {
    for (equal_counts const& some : counts) add(some.count, some.keys);
  }
  std::vector<equal_counts> descending() {
    std::ranges::sort(large_, std::greater{}, &equal_counts::count);
    auto counts = large_;
    for (std::size_t count = small_.size() - 1; count > 0; --count)
      if (small_[count] > 0) counts.push_back({count, small_[count]});
    return counts;
  }

 private:
  std::vector<std::uint64_t> small_ = std::vector<std::uint64_t>(256);
  std::vector<equal_counts> large_;
};

}  // namespace detail

/// The certificates of a layer's neurons [neuron] from its table by a sketch, never wrong: whatever the pooled n-grams
/// hold of their pool's firings, cover lies within its bounds, and a detector or none is one. Both bounds of cover are
/// attained. Throws std::invalid_argument where the table was not taken of the whole text that the sketch knows.
inline std::vector<ngram_certificate> certify_ngrams(firing_table<sketch_key> const& table, ngram_sketch const& sketch,
                                                     detector_rule const& rule) {
  struct row {
    pool_occurrences pool;          // none where an n-gram is kept apart
    std::uint64_t least = 0;        // firings that a detected n-gram of it has at least
    std::uint64_t unexplained = 0;  // firings that it can hold without an n-gram of it being detected
  };
  auto const detecting = [&](std::uint64_t occurrences) {
    return std::max<std::uint64_t>(1, least_part(occurrences, rule.fires_on));
  };
  std::vector<row> rows(table.rows());
  std::uint64_t tokens = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sketch_key const key = table.keys[r];
    std::uint64_t occurrences = 0;
    if (!key.pooled) {
      occurrences = sketch.kept_occurrences(key.number).value_or(0);
      rows[r].least = detecting(occurrences);
    } else {
      for (std::uint32_t const n : sketch.pooled_occurrences(key.number)) {
        auto& pool = rows[r].pool;
        if (pool.empty() || pool.back().count != n) pool.push_back({n, 0});
        ++pool.back().keys;
        rows[r].unexplained += detecting(n) - 1;
      }
      occurrences = sum(rows[r].pool);
      if (occurrences > 0) rows[r].least = detecting(rows[r].pool.front().count);
    }
    if (occurrences != table.occurrences(r))
      throw std::invalid_argument("census::certify_ngrams: the table and the sketch are not of the same text");
    tokens += occurrences;
  }
  if (tokens != sketch.tokens())
    throw std::invalid_argument("census::certify_ngrams: the table and the sketch are not of the same text");

  std::vector<ngram_certificate> certificates(table.neurons());
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    detail::count_collector fewest, most;
    std::uint64_t firings = 0, surely_explained = 0, possibly_explained = 0;
    for (std::size_t r = 0; r < counts.size(); ++r) {
      std::uint64_t const fired = counts[r];
      if (fired == 0) continue;
      firings += fired;
      if (fired >= rows[r].least) possibly_explained += fired;
      if (rows[r].pool.empty()) {
        fewest.add(fired, 1);
        most.add(fired, 1);
        if (fired >= rows[r].least) surely_explained += fired;
      } else {
        fewest.add(most_uneven(rows[r].pool, fired));
        most.add(most_even(rows[r].pool, fired));
        surely_explained += fired - std::min(fired, rows[r].unexplained);
      }
    }
    ngram_certificate& is = certificates[neuron];
    is.firings = firings;
    is.cover_low = cover(fewest.descending(), rule.covered);
    is.cover_high = cover(most.descending(), rule.covered);
    if (firings > 0 && is.cover_high > 0 && is.cover_high <= rule.cover_at_most &&
        at_least(surely_explained, firings, rule.explained))
      is.detector = certainty::yes;
    else if (is.cover_high == 0 || is.cover_low > rule.cover_at_most ||
             !at_least(possibly_explained, firings, rule.explained))
      is.detector = certainty::no;
  });
  return certificates;
}

}  // namespace census
