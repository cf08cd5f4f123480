// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/counts_of_counts.hpp>
#include <census/statistic/ratio.hpp>
#include <census/tabulation/detail/bit_sliced_counters.hpp>
#include <census/tabulation/detail/stripe.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace census::detail {

/// Counts of counts of the neurons of one stripe: how many n-grams there are at which a neuron fired c times, for each
/// c. Counts up to the square root of the tokens have a cell each; of larger ones there can be no more than that, and
/// they are listed. So whatever the text, 6 KiB times that root hold them.
class ngram_tally {
 public:
  static constexpr std::size_t neurons = stripe_words * 64;

  /// Counts all rows: read(i) is the stripe of the i-th row in order of n-grams. A count is a detected one where it is
  /// at least `fires_on` of the n-gram's occurrences.
  template <class Read>
  ngram_tally(ngram_rows const& ngrams, ratio fires_on, std::size_t words, Read const& read)
      : most_(std::max(few, static_cast<std::size_t>(std::sqrt(static_cast<double>(ngrams.tokens()))))),
        cells_((most_ + 1) * neurons), large_(neurons), detected_(neurons) {
    std::array<std::uint32_t, few + 1> least{};
    for (std::uint32_t n = 0; n <= few; ++n) least[n] = static_cast<std::uint32_t>(least_part(n, fires_on));
    std::array<pooled, few + 1> equal, whole;  // [count]
    std::vector<std::uint32_t> whole_cells((few + 1) * neurons), counts(neurons), single_cells(neurons);
    pooled single;
    auto const first = ngrams.first();
    for (std::size_t g = 0; g + 1 < first.size(); ++g) {
      std::size_t const begin = first[g], end = first[g + 1], occurrences = end - begin;
      if (occurrences == 1) {
        single.add(read(begin), single_cells.data(), words);
        continue;
      }
      if (occurrences <= few) {
        bit_sliced_counters counters;
        for (std::size_t i = begin; i < end; ++i) counters.add(read(i));
        for (unsigned count = 1; count <= occurrences; ++count) {
          stripe const some = counters.equal_to(count);
          equal[count].add(some, cells(count), words);
          if (count >= least[occurrences]) whole[count].add(some, &whole_cells[count * neurons], words);
        }
        continue;
      }
      std::ranges::fill(counts, 0);
      for (std::size_t i = begin; i < end;) {
        bit_sliced_counters counters;
        std::size_t const last = std::min(end, i + bit_sliced_counters::most_rows);
        for (; i < last; ++i) counters.add(read(i));
        counters.add_to(counts.data(), words);
      }
      auto const detecting = least_part(occurrences, fires_on);
      for (std::size_t neuron = 0; neuron < words * 64; ++neuron) {
        std::uint32_t const count = counts[neuron];
        if (count == 0) continue;
        if (count <= most_)
          ++cells(count)[neuron];
        else
          large_[neuron].push_back(count);
        if (count >= detecting) detected_[neuron] += count;
      }
    }
    single.flush(single_cells.data(), words);
    for (unsigned count = 1; count <= few; ++count) {
      equal[count].flush(cells(count), words);
      whole[count].flush(&whole_cells[count * neurons], words);
      for (std::size_t neuron = 0; neuron < neurons; ++neuron)
        detected_[neuron] += std::uint64_t{count} * whole_cells[count * neurons + neuron];
    }
    for (std::size_t neuron = 0; neuron < neurons; ++neuron) {
      cells(1)[neuron] += single_cells[neuron];
      detected_[neuron] += single_cells[neuron];
    }
  }

  /// The counts of a neuron of the stripe, descending, none of them 0.
  std::vector<equal_counts> counts(std::size_t neuron) const {
    std::vector<equal_counts> descending;
    auto large = large_[neuron];
    std::ranges::sort(large, std::greater{});
    for (std::uint32_t const count : large) descending.push_back({count, 1});
    for (std::size_t count = most_; count > 0; --count)
      if (std::uint32_t const keys = cells_[count * neurons + neuron]; keys > 0) descending.push_back({count, keys});
    return descending;
  }

  /// Firings of a neuron at n-grams that it detects.
  std::uint64_t detected(std::size_t neuron) const { return detected_[neuron]; }

 private:
  /// N-grams that occur at most so often are counted without looking at single neurons.
  static constexpr std::size_t few = 15;

  /// Upright counters that go on past their 255 rows.
  struct pooled {
    bit_sliced_counters counters;
    std::size_t rows = 0;
    void add(stripe const& row, std::uint32_t* cells, std::size_t words) {
      counters.add(row);
      if (++rows == bit_sliced_counters::most_rows) flush(cells, words);
    }
    void flush(std::uint32_t* cells, std::size_t words) {
      if (rows > 0) counters.add_to(cells, words);
      counters = {};
      rows = 0;
    }
  };

  std::uint32_t* cells(std::size_t count) { return &cells_[count * neurons]; }

  std::size_t most_;
  std::vector<std::uint32_t> cells_;               // [count, neuron]
  std::vector<std::vector<std::uint32_t>> large_;  // [neuron]
  std::vector<std::uint64_t> detected_;            // [neuron]
};

}  // namespace census::detail
