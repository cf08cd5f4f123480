// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// A stripe of neurons: as many words of packed firings as fill a cache line. Stripes are the unit of parallel work: no
/// two write the same cell, so there are no locks and no table per thread, and the result cannot depend on the number
/// of threads.
inline constexpr std::size_t stripe_words = 8;
using stripe = std::array<std::uint64_t, stripe_words>;

/// Rows of a block that share a row of the table.
struct row_group {
  std::uint32_t table_row;
  std::size_t first, last;  // in the block's rows sorted by table row
};

inline stripe read_stripe(std::span<std::uint64_t const> row, std::size_t first_word, std::size_t words) {
  stripe read{};
  std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(first_word), words, read.begin());
  return read;
}

/// Adds one row, bit by bit: best for few rows.
inline void count_bits(stripe const& row, std::uint32_t* cells) {
  for (std::size_t w = 0; w < stripe_words; ++w)
    for (std::uint64_t bits = row[w]; bits != 0; bits &= bits - 1) ++cells[w * 64 + std::countr_zero(bits)];
}

/// Counters of up to 255 rows standing upright: bit n of plane p is bit p of neuron n's count.
class upright_counters {
 public:
  static constexpr std::size_t most_rows = 255;

  void add(stripe carry) {
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      std::uint64_t any = 0;
      for (std::size_t w = 0; w < stripe_words; ++w) {
        std::uint64_t const both = planes_[p][w] & carry[w];
        planes_[p][w] ^= carry[w];
        carry[w] = both;
        any |= both;
      }
      if (any == 0) return;
    }
  }

  /// The neurons whose count is `count`, a bit each.
  stripe equal_to(unsigned count) const {
    stripe equal;
    equal.fill(~std::uint64_t{0});
    for (std::size_t p = 0; p < planes_.size(); ++p)
      for (std::size_t w = 0; w < stripe_words; ++w) equal[w] &= (count >> p & 1) != 0 ? planes_[p][w] : ~planes_[p][w];
    return equal;
  }

  std::uint32_t count(std::size_t neuron) const {
    std::uint32_t sum = 0;
    for (std::size_t p = 0; p < planes_.size(); ++p)
      sum += static_cast<std::uint32_t>(planes_[p][neuron / 64] >> (neuron % 64) & 1) << p;
    return sum;
  }

  void add_to(std::uint32_t* cells, std::size_t words) const {
    for (std::size_t p = 0; p < planes_.size(); ++p)
      for (std::size_t half = 0; half < 2 * words; ++half) {
        auto const bits = static_cast<std::uint32_t>(planes_[p][half / 2] >> (half % 2 * 32));
        if (bits == 0) continue;
        for (std::uint32_t n = 0; n < 32; ++n) cells[half * 32 + n] += (bits >> n & 1u) << p;
      }
  }

 private:
  std::array<stripe, 8> planes_{};
};

}  // namespace detail

/// The counting engine of the reference backend: adds each row of packed firings to the row of the table that
/// `table_row` [token] names for it, and counts its occurrence; rows that are not_counted are passed over. Every
/// backend brings an overload for its own packed firings. Throws std::invalid_argument where shapes disagree,
/// std::overflow_error as firing_counts::admit does; nothing is counted then.
inline void tabulate(packed_firings const& firings, std::span<std::uint32_t const> table_row, firing_counts& into) {
  if (table_row.size() != firings.rows() || into.neurons() != firings.neurons())
    throw std::invalid_argument("census::tabulate: firings, table rows and counts differ in shape");
  into.admit(table_row);

  std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted;  // (table row, row of the block)
  sorted.reserve(table_row.size());
  for (std::uint32_t row = 0; row < table_row.size(); ++row)
    if (table_row[row] != not_counted) sorted.emplace_back(table_row[row], row);
  std::ranges::sort(sorted);
  std::vector<detail::row_group> groups;
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (groups.empty() || groups.back().table_row != sorted[i].first)
      groups.push_back({sorted[i].first, i, i + 1});
    else
      groups.back().last = i + 1;

  constexpr std::size_t few_rows = 12;
  std::size_t const words_per_row = firings.words_per_row();
  std::size_t const stripes = (words_per_row + detail::stripe_words - 1) / detail::stripe_words;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, stripes, 1), [&](auto const& range) {
    for (std::size_t s = range.begin(); s != range.end(); ++s) {
      std::size_t const first_word = s * detail::stripe_words;
      std::size_t const words = std::min(detail::stripe_words, words_per_row - first_word);
      auto const stripe_of = [&](std::size_t i) {
        return detail::read_stripe(firings.row(sorted[i].second), first_word, words);
      };
      for (detail::row_group const& group : groups) {
        std::uint32_t* const cells = into.cells(group.table_row) + first_word * 64;
        if (group.last - group.first < few_rows) {
          for (std::size_t i = group.first; i < group.last; ++i) detail::count_bits(stripe_of(i), cells);
          continue;
        }
        for (std::size_t i = group.first; i < group.last;) {
          detail::upright_counters counters;
          std::size_t const end = std::min(group.last, i + detail::upright_counters::most_rows);
          for (; i < end; ++i) counters.add(stripe_of(i));
          counters.add_to(cells, words);
        }
      }
    }
  });
}

}  // namespace census
