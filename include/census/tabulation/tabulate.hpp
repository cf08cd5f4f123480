// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/parallel_loop.hpp>
#include <census/tabulation/detail/bit_sliced_counters.hpp>
#include <census/tabulation/detail/stripe.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>

#include <tbb/blocked_range2d.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace census {

namespace detail {

/// Asks for bytes that are counted into soon.
inline void prefetch(std::span<std::byte const> cells) {
  for (std::size_t at = 0; at < cells.size(); at += 64) __builtin_prefetch(&cells[at], 1);
}

}  // namespace detail

/// The counting engine of the reference backend: adds each row of packed firings to the row of the table that counts
/// it, and counts its occurrence. Every backend brings an overload for its own firings. Throws std::invalid_argument
/// where shapes disagree, std::overflow_error as firing_counts::admit does; nothing is counted then.
inline void tabulate(packed_firings const& firings, key_rows const& rows, firing_counts& into) {
  into.admit(firings, rows);
  std::size_t const words_per_row = firings.words_per_row();
  std::size_t const stripes = (words_per_row + detail::stripe_words - 1) / detail::stripe_words;
  auto const groups = rows.groups();
  auto const order = rows.order();
  // Work is parted into tiles [group, stripe]. No two write the same cell, so there are no locks and no table per
  // thread, and the result cannot depend on the number of threads.
  parallel_loop(tbb::blocked_range2d<std::size_t>(0, groups.size(), 64, 0, stripes, 1), [&](auto const& tile) {
    for (std::size_t g = tile.rows().begin(); g != tile.rows().end(); ++g) {
      row_group const& group = groups[g];
      bool const goes_on = g + 1 != tile.rows().end();
      row_group const& next = groups[goes_on ? g + 1 : g];
      std::span<std::byte const> const next_cells = into.cells(next.table_row);
      std::size_t const bytes_a_word = next_cells.size() / words_per_row;
      into.visit_cells(group.table_row, [&](auto cells) {
        for (std::size_t s = tile.cols().begin(); s != tile.cols().end(); ++s) {
          std::size_t const first_word = s * detail::stripe_words;
          std::size_t const words = std::min(detail::stripe_words, words_per_row - first_word);
          if (goes_on) {
            detail::prefetch(next_cells.subspan(first_word * bytes_a_word, words * bytes_a_word));
            for (std::size_t i = next.first; i < std::min(next.last, next.first + 4); ++i)
              __builtin_prefetch(firings.row(order[i]).data() + first_word);
          }
          auto const read = [&firings, rows_in_order = order.data(), first_word, words](std::size_t i) {
            return detail::read_stripe(firings.row(rows_in_order[i]), first_word, words);
          };
          detail::count_rows(group.first, group.last, read, cells.data() + first_word * 64, words);
        }
      });
    }
  });
}

}  // namespace census
