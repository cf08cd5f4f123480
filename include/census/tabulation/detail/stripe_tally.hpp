// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/counts_of_counts.hpp>
#include <census/tabulation/detail/bit_sliced_counters.hpp>
#include <census/tabulation/detail/ngram_chunks.hpp>
#include <census/tabulation/detail/stripe.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census::detail {

/// Counts rows into a row of cells, 255 of them at a time.
class pooled_counters {
 public:
  void add(stripe const& row, std::uint32_t* cells, std::size_t words) {
    counters_.add(row);
    if (++rows_ == bit_sliced_counters::most_rows) flush(cells, words);
  }

  /// Adds to the cells what they do not have yet.
  void flush(std::uint32_t* cells, std::size_t words) {
    if (rows_ > 0) counters_.add_to(cells, words);
    counters_ = {};
    rows_ = 0;
  }

 private:
  bit_sliced_counters counters_;
  std::size_t rows_ = 0;
};

/// Counts of counts of the neurons of one stripe: how many n-grams there are at which a neuron fired c times, for each
/// c; and its firings at n-grams of N occurrences at which it fired at least fewest(N) times, which it "reaches".
///
/// Counts up to the square root of the tokens have a cell each; of larger ones there can be no more than that, and they
/// are listed. So whatever the text, 6 KiB times that root hold them.
template <std::invocable<std::uint64_t> Fewest>
class stripe_tally {
 public:
  static constexpr std::size_t neurons = stripe_words * 64;

  /// For n-grams that end at so many tokens, and stripes of `words` words.
  stripe_tally(std::uint64_t tokens, std::size_t words, Fewest const& fewest)
      : fewest_(&fewest), words_(words), most_(root_of(tokens)), cells_((most_ + 1) * neurons), large_(neurons),
        reached_(neurons), reached_cells_((rare + 1) * neurons), once_cells_(neurons), counts_(neurons) {
    for (std::uint32_t n = 0; n <= rare; ++n) fewest_of_rare_[n] = static_cast<std::uint64_t>(fewest(n));
  }

  /// Its bytes, from above.
  static std::uint64_t bytes(std::uint64_t tokens) { return (6 << 10) * (root_of(tokens) + 1) + (1 << 18); }

  /// Some rows of an n-gram: all of them, unless there are more than a chunk holds.
  void add(ngram_run const& ngram, std::span<stripe const> rows) {
    if (ngram.occurrences == 1)
      once_.add(rows.front(), once_cells_.data(), words_);
    else if (ngram.occurrences <= rare)
      add_rare(rows);
    else
      add_frequent(ngram, rows);
  }

  /// To be called after all n-grams, before anything is asked.
  void finish() {
    once_.flush(once_cells_.data(), words_);
    for (unsigned count = 1; count <= rare; ++count) {
      equal_[count].flush(cells(count), words_);
      reaching_[count].flush(&reached_cells_[count * neurons], words_);
      for (std::size_t neuron = 0; neuron < neurons; ++neuron)
        reached_[neuron] += std::uint64_t{count} * reached_cells_[count * neurons + neuron];
    }
    for (std::size_t neuron = 0; neuron < neurons; ++neuron) {
      cells(1)[neuron] += once_cells_[neuron];
      if (fewest_of_rare_[1] <= 1) reached_[neuron] += once_cells_[neuron];
    }
  }

  /// The counts of a neuron of the stripe, descending, none of them 0.
  std::vector<equal_counts> counts(std::size_t neuron) const {
    auto descending = counts_of_counts(large_[neuron]);
    for (std::size_t count = most_; count > 0; --count)
      if (std::uint32_t const keys = cells_[count * neurons + neuron]; keys > 0) descending.push_back({count, keys});
    return descending;
  }

  /// Firings of a neuron at n-grams that it reaches.
  std::uint64_t reached(std::size_t neuron) const { return reached_[neuron]; }

 private:
  /// N-grams that occur at most so often are counted without looking at single neurons: as long as a run of a chunk
  /// cannot be a part of one.
  static constexpr std::size_t rare = 15;
  static_assert(rare < ngram_chunks::most_rows);

  static std::size_t root_of(std::uint64_t tokens) {
    return std::max(rare, static_cast<std::size_t>(std::sqrt(static_cast<double>(tokens))));
  }

  /// The neurons with each count are a row of bits, which is counted in turn.
  void add_rare(std::span<stripe const> rows) {
    bit_sliced_counters counters;
    for (stripe const& row : rows) counters.add(row);
    for (unsigned count = 1; count <= rows.size(); ++count) {
      stripe const equal = counters.equal_to(count);
      equal_[count].add(equal, cells(count), words_);
      if (count >= fewest_of_rare_[rows.size()]) reaching_[count].add(equal, &reached_cells_[count * neurons], words_);
    }
  }

  void add_frequent(ngram_run const& ngram, std::span<stripe const> rows) {
    while (!rows.empty()) {
      auto const some = rows.first(std::min(rows.size(), bit_sliced_counters::most_rows));
      bit_sliced_counters counters;
      for (stripe const& row : some) counters.add(row);
      counters.add_to(counts_.data(), words_);
      rows = rows.subspan(some.size());
    }
    if (ngram.ends) end_frequent(ngram.occurrences);
  }

  void end_frequent(std::uint32_t occurrences) {
    auto const fewest = static_cast<std::uint64_t>((*fewest_)(occurrences));
    for (std::size_t neuron = 0; neuron < words_ * 64; ++neuron) {
      std::uint32_t const count = counts_[neuron];
      if (count == 0) continue;
      if (count <= most_)
        ++cells(count)[neuron];
      else
        large_[neuron].push_back(count);
      if (count >= fewest) reached_[neuron] += count;
    }
    std::ranges::fill(counts_, 0);
  }

  std::uint32_t* cells(std::size_t count) { return &cells_[count * neurons]; }

  Fewest const* fewest_;
  std::size_t words_;
  std::size_t most_;                               // larger counts are listed
  std::vector<std::uint32_t> cells_;               // [count, neuron]: n-grams with that count
  std::vector<std::vector<std::uint32_t>> large_;  // [neuron]
  std::vector<std::uint64_t> reached_;             // [neuron]

  std::array<pooled_counters, rare + 1> equal_, reaching_;  // [count]: of n-grams that occur 2 to 15 times
  std::array<std::uint64_t, rare + 1> fewest_of_rare_{};    // [occurrences]
  std::vector<std::uint32_t> reached_cells_;                // [count, neuron]
  pooled_counters once_;                                    // n-grams that occur once
  std::vector<std::uint32_t> once_cells_;                   // [neuron]
  std::vector<std::uint32_t> counts_;                       // [neuron]: of the frequent n-gram at hand
};

}  // namespace census::detail
