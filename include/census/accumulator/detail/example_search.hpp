// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/detail/ranked_examples.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/text_rows.hpp>
#include <census/for_each_set_bit.hpp>
#include <census/simd_compress.hpp>
#include <census/statistic/activation_example.hpp>

#include <tbb/task_arena.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace census::detail {

/// Finds in one block the firings of some neurons that belong to those which are kept. First all of them are found,
/// then windows are copied: most of what looks large at first is surpassed before the block ends.
template <valued_block B>
class example_search {
 public:
  static constexpr std::size_t widest = 1024;  // neurons at a time: what is known of them stays in the cache

  /// How many neurons to take at a time: of wide stripes memory is read fastest, but each thread is to have one.
  static std::size_t stripe(std::size_t neurons) {
    auto const threads = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
    return std::clamp((neurons / threads + 63) / 64 * 64, widest / 2, widest);
  }

  /// Of `neurons` neurons, at most the widest stripe, from `first_neuron` on, a multiple of 64. Windows have so many
  /// tokens before and behind the firing.
  example_search(B const& block, std::size_t first_neuron, std::size_t neurons, std::size_t before, std::size_t after)
      : block_(block), first_neuron_(first_neuron), neurons_(neurons), before_(before), after_(after), found_(neurons) {
    if (!holds_firings_alone(block)) return;
    first_value_.reserve(block.firings().rows());
    for (std::size_t row = 0; row < block.firings().rows(); ++row)
      first_value_.push_back(set_bits(block.firings().row(row).first(first_neuron / 64)));
  }

  /// The largest of each sequence, of equal ones the first; that at BOS is left out. kept(i) are the examples of the
  /// i-th of these neurons.
  template <class Kept>
  void find_largest(Kept const& kept, std::size_t count) {
    auto const& sequences = block_.text()->sequences;
    std::array<float, widest> bound{};  // what is not larger is not kept: soon that is nearly every firing
    for (std::size_t i = 0; i < neurons_; ++i) bound[i] = largest_not_kept(i, kept(i), count);
    for (std::uint32_t s = 0; s < sequences.size(); ++s) {
      auto largest = bound;
      std::array<std::uint32_t, widest> at;            // the row of the largest
      std::array<std::uint64_t, widest / 64> found{};  // whether there is one: a bit each
      for (std::uint32_t row = first_row(sequences[s]); row < end_row(sequences[s]); ++row)
        raise(row, largest, [&](std::size_t word, std::uint64_t raised) {
          for_each_set_bit(raised, [&](std::size_t n) { at[64 * word + n] = row; });
          found[word] |= raised;
        });
      for_each_set_bit(found, [&](std::size_t i) {
        offer<rank_by_value>(i, largest[i], at[i], s, kept(i), count);
        bound[i] = largest_not_kept(i, kept(i), count);
      });
    }
    take_over<rank_by_value>(kept, count);
  }

  /// Those that are drawn by lot.
  template <class Kept>
  void find_sample(Kept const& kept, std::size_t count) {
    auto const& sequences = block_.text()->sequences;
    std::array<std::uint64_t, widest> last;  // ranks behind it are not drawn
    for (std::size_t i = 0; i < neurons_; ++i) last[i] = last_rank(i, kept(i), count);
    std::vector<std::uint64_t> rank;  // [position]: the same for all neurons
    for (std::uint32_t s = 0; s < sequences.size(); ++s) {
      rank.clear();
      for (std::uint32_t p = 0; p < sequences[s].length; ++p)
        rank.push_back(rank_by_lot::of(0, {sequences[s].document, sequences[s].piece, p}));
      for (std::uint32_t row = first_row(sequences[s]); row < end_row(sequences[s]); ++row)
        for_each_firing(row, [&](std::size_t i, float value) {
          if (rank[row - sequences[s].first_row] > last[i]) return;
          offer<rank_by_lot>(i, value, row, s, kept(i), count);
          last[i] = last_rank(i, kept(i), count);
        });
    }
    take_over<rank_by_lot>(kept, count);
  }

 private:
  struct candidate {
    ranked_place at;
    float value;
    std::uint32_t row, sequence;  // of the block's text
  };

  /// The first row that is no BOS, and what is behind the last.
  static std::uint32_t first_row(sequence const& s) { return s.first_row + (s.has_bos ? 1 : 0); }
  static std::uint32_t end_row(sequence const& s) { return s.first_row + s.length; }

  /// The firings of these neurons at a row, a bit each.
  std::span<std::uint64_t const> fired_at(std::uint32_t row) const {
    return block_.firings().row(row).subspan(first_neuron_ / 64, (neurons_ + 63) / 64);
  }

  static std::uint32_t set_bits(std::span<std::uint64_t const> words) {
    std::uint32_t count = 0;
    for (std::uint64_t const word : words) count += static_cast<std::uint32_t>(std::popcount(word));
    return count;
  }

  /// The values of these neurons' firings at a row, of a block that holds them alone.
  float const* firing_values(std::uint32_t row) const {
    if constexpr (firing_valued_block<B>) return block_.firing_values().row(row) + first_value_[row];
    return nullptr;  // not asked of other blocks
  }

  /// Raises numbers of these neurons to the values of a row's firings that are larger, and calls visit(word, raised)
  /// for 64 neurons at a time: which were raised.
  template <class Visit>
  void raise(std::uint32_t row, std::array<float, widest>& largest, Visit const& visit) const {
    auto const fired = fired_at(row);
    if (holds_firings_alone(block_)) {
      float const* values = firing_values(row);
      for (std::size_t word = 0; word < fired.size(); ++word) {
        visit(word, simd::raise(largest.data() + 64 * word, fired[word], values));
        values += std::popcount(fired[word]);
      }
    } else {
      float const* const values = block_.values().row(row).data() + first_neuron_;
      for (std::size_t word = 0; word < fired.size(); ++word) {
        std::uint64_t raised = 0;
        for_each_set_bit(fired[word], [&](std::size_t n) {
          if (!(values[64 * word + n] > largest[64 * word + n])) return;
          largest[64 * word + n] = values[64 * word + n];
          raised |= std::uint64_t{1} << n;
        });
        visit(word, raised);
      }
    }
  }

  /// Calls visit(i, value) for the firings of these neurons at a row.
  template <class Visit>
  void for_each_firing(std::uint32_t row, Visit const& visit) const {
    if (holds_firings_alone(block_)) {
      float const* value = firing_values(row);
      for_each_set_bit(fired_at(row), [&](std::size_t i) { visit(i, *value++); });
    } else {
      float const* const values = block_.values().row(row).data() + first_neuron_;
      for_each_set_bit(fired_at(row), [&](std::size_t i) { visit(i, values[i]); });
    }
  }

  /// The value of a firing.
  float value_of(std::uint32_t row, std::size_t i) const {
    if (!holds_firings_alone(block_)) return block_.values().row(row)[first_neuron_ + i];
    auto const fired = fired_at(row);
    std::uint64_t const below = fired[i / 64] & ((std::uint64_t{1} << i % 64) - 1);
    return firing_values(row)[set_bits(fired.first(i / 64)) + static_cast<std::size_t>(std::popcount(below))];
  }

  /// The largest value that does not belong to the first.
  float largest_not_kept(std::size_t i, std::vector<activation_example> const& kept, std::size_t count) const {
    constexpr float lowest = -std::numeric_limits<float>::infinity();
    float const least = std::max(kept.size() == count ? kept.back().value : lowest,
                                 found_[i].size() == count ? found_[i].back().value : lowest);
    return std::nextafter(least, lowest);  // as large as the least one may be kept: their places decide
  }

  std::uint64_t last_rank(std::size_t i, std::vector<activation_example> const& kept, std::size_t count) const {
    auto rank = std::numeric_limits<std::uint64_t>::max();
    if (kept.size() == count) rank = ranked<rank_by_lot>(kept.back()).rank;
    if (found_[i].size() == count) rank = std::min(rank, found_[i].back().at.rank);
    return rank;
  }

  /// Takes note of a firing, where it belongs to the first `count`.
  template <class Rank>
  void offer(std::size_t i, float value, std::uint32_t row, std::uint32_t s,
             std::vector<activation_example> const& kept, std::size_t count) {
    if (std::isnan(value)) return;
    sequence const& in = block_.text()->sequences[s];
    text_place const place{in.document, in.piece, row - in.first_row};
    candidate const one{{Rank::of(value, place), place}, value, row, s};
    if (!belongs_to_first<Rank>(one.at, kept, count)) return;
    auto& found = found_[i];
    if (found.empty()) found.reserve(std::min<std::size_t>(count, 16));
    auto const behind = std::ranges::upper_bound(found, one.at, {}, &candidate::at);
    found.insert(behind, one);
    if (found.size() > count) found.pop_back();
  }

  template <class Rank, class Kept>
  void take_over(Kept const& kept, std::size_t count) {
    for (std::size_t i = 0; i < neurons_; ++i) {
      for (candidate const& one : found_[i]) {
        if (!belongs_to_first<Rank>(one.at, kept(i), count)) break;
        insert_ranked<Rank>(kept(i), count, [&](activation_example& into) { copy_window(one, i, into); });
      }
      found_[i].clear();
    }
  }

  /// Makes an example of the firing, in the memory that it has.
  void copy_window(candidate const& one, std::size_t i, activation_example& into) const {
    sequence const& s = block_.text()->sequences[one.sequence];
    std::size_t const position = one.at.place.position, first = position - std::min(position, before_),
                      end = position + 1 + std::min<std::size_t>(after_, s.length - position - 1);
    into.value = one.value, into.place = one.at.place, into.first = static_cast<std::uint32_t>(first);
    auto const ids = std::span(block_.text()->tokens).subspan(s.first_row + first, end - first);
    into.ids.assign(ids.begin(), ids.end());
    into.values.resize(end - first);
    auto row = static_cast<std::uint32_t>(s.first_row + first);
    for (float& value : into.values) {
      value = block_.firings().fires(row, first_neuron_ + i) ? value_of(row, i) : 0;
      ++row;
    }
  }

  B const& block_;
  std::size_t first_neuron_, neurons_, before_, after_;
  std::vector<std::vector<candidate>> found_;  // [neuron], each in order
  std::vector<std::uint32_t> first_value_;     // [row]: of the values of firings, the first of these neurons
};

}  // namespace census::detail
