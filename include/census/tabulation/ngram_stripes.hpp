// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/detail/stripe.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <variant>
#include <vector>

namespace census {

namespace detail {

/// Where one sequence's firings lie: its first row among all, its rows, and where they begin in which part.
struct kept_sequence {
  std::uint32_t first_row, length, part, first_row_in_part;
};

/// The sequences of a layer in order of their rows in `ngrams`. Throws std::invalid_argument where those are not the
/// same sequences.
inline std::vector<kept_sequence> sequences_of(kept_layer const& layer, ngram_rows const& ngrams) {
  std::vector<kept_sequence> found;
  std::uint32_t part = 0;
  for (kept_layer::part const& here : layer.parts()) {
    for (sequence const& one : here.text->sequences)
      if (auto const row = ngrams.first_row(*here.text, one)) found.push_back({*row, one.length, part, one.first_row});
    ++part;
  }
  std::ranges::sort(found, {}, &kept_sequence::first_row);
  std::uint64_t end = 0;
  bool without_gaps = true;
  for (kept_sequence const& one : found) {
    without_gaps &= one.first_row == end;
    end += one.length;
  }
  if (!without_gaps || end != layer.rows() || end != ngrams.text()->tokens.size())
    throw std::invalid_argument("census: the layer and the n-grams are not of the same text");
  return found;
}

/// A stripe's words of each row, in order of n-grams, where all firings are in memory.
class rows_in_memory {
 public:
  rows_in_memory(kept_layer const& layer, ngram_rows const& ngrams, std::vector<kept_sequence> const& sequences) {
    constexpr std::size_t step = 64;
    std::vector<std::uint32_t> near;  // of every 64th row: the sequence that holds it
    for (std::uint32_t s = 0; s < sequences.size(); ++s)
      while (near.size() * step < sequences[s].first_row + std::size_t{sequences[s].length}) near.push_back(s);
    rows_.reserve(ngrams.order().size());
    for (std::uint32_t const row : ngrams.order()) {
      std::size_t s = near[row / step];
      while (row - sequences[s].first_row >= sequences[s].length) ++s;
      auto const& firings = std::get<packed_firings>(layer.parts()[sequences[s].part].firings);
      rows_.push_back(firings.row(sequences[s].first_row_in_part + (row - sequences[s].first_row)).data());
    }
  }

  /// `words` words of the i-th row, from `first_word` on.
  stripe read(std::size_t i, std::size_t first_word, std::size_t words) const {
    __builtin_prefetch(rows_[std::min(i + 16, rows_.size() - 1)] + first_word);
    stripe read{};
    if (words == stripe_words)
      std::copy_n(rows_[i] + first_word, stripe_words, read.begin());
    else
      std::copy_n(rows_[i] + first_word, words, read.begin());
    return read;
  }

 private:
  std::vector<std::uint64_t const*> rows_;
};

/// The same where some lie in a file: the words of one stripe, brought into memory.
class rows_from_file {
 public:
  rows_from_file(kept_layer const& layer, ngram_rows const& ngrams, std::vector<kept_sequence> const& sequences,
                 std::size_t first_word, std::size_t words, std::vector<std::uint64_t>& memory)
      : order_(ngrams.order()), words_(words), memory_(memory) {
    memory.resize(layer.rows() * words);
    std::vector<std::vector<kept_sequence>> by_part(layer.parts().size());
    for (kept_sequence const& one : sequences) by_part[one.part].push_back(one);
    std::vector<std::uint64_t> brought;
    for (std::size_t p = 0; p < by_part.size(); ++p) {
      brought.resize(layer.parts()[p].text->tokens.size() * words);
      kept_layer::read(layer.parts()[p], first_word, words, brought);
      for (kept_sequence const& one : by_part[p])
        std::copy_n(brought.begin() + static_cast<std::ptrdiff_t>(one.first_row_in_part * words), one.length * words,
                    memory.begin() + static_cast<std::ptrdiff_t>(one.first_row * words));
    }
  }

  stripe read(std::size_t i) const {
    __builtin_prefetch(&memory_[order_[std::min(i + 16, order_.size() - 1)] * words_]);
    stripe read{};
    std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(order_[i] * words_), words_, read.begin());
    return read;
  }

 private:
  std::span<std::uint32_t const> order_;
  std::size_t words_;
  std::vector<std::uint64_t> const& memory_;
};

}  // namespace detail

/// Calls visit(first_word, words, read) for each stripe of a layer's neurons, in parallel: read(i) gives the stripe of
/// the i-th row in order of n-grams. `visit` may write only what belongs to the stripe's neurons. Stripes none of whose
/// neurons is wanted (wanted(first neuron, one past the last)) are passed over. Where firings lie in a file, stripes
/// are as wide, and as many at once, as `memory` bytes hold, but at least one word of every row. Throws
/// std::invalid_argument where the n-grams are of another text, bad_input where a file cannot be read.
template <std::predicate<std::size_t, std::size_t> Wanted, class Visit>
void for_each_stripe(kept_layer const& layer, ngram_rows const& ngrams, std::uint64_t memory, Wanted const& wanted,
                     Visit const& visit) {
  auto const sequences = detail::sequences_of(layer, ngrams);
  auto const in_parallel = [&](std::size_t width, auto const& one) {
    std::size_t const stripes = (layer.words_per_row() + width - 1) / width;
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, stripes, 1), [&](auto const& range) {
      for (std::size_t s = range.begin(); s != range.end(); ++s) {
        std::size_t const first = s * width, words = std::min(width, layer.words_per_row() - first);
        if (wanted(first * 64, (first + words) * 64)) one(first, words);
      }
    });
  };
  if (layer.in_memory()) {
    detail::rows_in_memory const rows(layer, ngrams, sequences);
    in_parallel(detail::stripe_words, [&](std::size_t first, std::size_t words) {
      visit(first, words, [&rows, first, words](std::size_t i) { return rows.read(i, first, words); });
    });
    return;
  }
  auto const columns = std::max<std::uint64_t>(1, memory / std::max<std::uint64_t>(1, 8 * layer.rows()));
  auto const threads = static_cast<std::uint64_t>(tbb::this_task_arena::max_concurrency());
  tbb::task_arena arena(static_cast<int>(std::min(threads, columns)));
  arena.execute([&] {
    tbb::enumerable_thread_specific<std::vector<std::uint64_t>> of_thread;
    in_parallel(std::clamp<std::size_t>(columns / threads, 1, detail::stripe_words),
                [&](std::size_t first, std::size_t words) {
                  detail::rows_from_file const rows(layer, ngrams, sequences, first, words, of_thread.local());
                  visit(first, words, [&rows](std::size_t i) { return rows.read(i); });
                });
  });
}

}  // namespace census
